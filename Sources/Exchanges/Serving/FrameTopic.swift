import Glibc

/// What a venue's frame is about, as its subscriptions name it: ranges of the frame.
public enum FrameTopic: Equatable, Sendable {
    /// A channel and, where the venue names it apart, its symbol.
    case named(channel: Range<Int>, symbol: Range<Int>?)
    /// For every client: heartbeats, lists of subscriptions.
    case general
    /// The answer to a request of another client: acks and pongs.
    case answer

    /// A topic of a channel and a symbol; general where one is missing.
    static func pair(_ channel: Range<Int>?, _ symbol: Range<Int>?) -> FrameTopic {
        guard let channel, let symbol else { return .general }
        return .named(channel: channel, symbol: symbol)
    }

    /// The beginning of a frame, where the keys stand.
    @_lifetime(copy frame)
    static func head(of frame: RawSpan) -> RawSpan { frame.extracting(0..<min(frame.byteCount, 2_048)) }

    /// Where the text behind `mark` stands, up to its quote.
    static func value(_ mark: StaticString, in frame: RawSpan) -> Range<Int>? {
        guard let start = end(of: mark, in: frame) else { return nil }
        return frame.withUnsafeBytes { bytes in
            bytes[start...].firstIndex(of: 0x22).map { start..<$0 }
        }
    }

    /// The number behind `mark`.
    static func number(_ mark: StaticString, in frame: RawSpan) -> Int? {
        MessageNumber(behind: mark, in: frame).map { Int($0.value) }
    }

    /// Where the first `mark` ends.
    static func end(of mark: StaticString, in frame: RawSpan) -> Int? {
        let size = mark.utf8CodeUnitCount
        return frame.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress, bytes.count >= size else { return nil }
            let first = mark.utf8Start[1]
            // All marks begin with a quote; their second letter is rarer.
            for index in 0...(bytes.count - size)
            where bytes[index + 1] == first && memcmp(base + index, mark.utf8Start, size) == 0 {
                return index + size
            }
            return nil
        }
    }
}
