import Glibc

/// What a venue's frame is about, as its subscriptions name it: places in the frame.
package enum FrameTopic: Equatable, Sendable {
    /// A channel and, where the venue names it apart, its symbol.
    case named(channel: Range<Int>, symbol: Range<Int>?)
    /// For every client: heartbeats, lists of subscriptions.
    case general
    /// The answer to a request of another client: acks and pongs.
    case answer

    /// Keys stand near the beginning.
    private static let searched = 2_048

    /// Reads the topic of a frame by looking for the venue's keys; frames of recordings are well formed.
    package init(_ frame: RawSpan, exchange: String) {
        let head = frame.extracting(0..<min(frame.byteCount, Self.searched))
        switch exchange {
        case "bybit":
            self = Self.value(#""topic":""#, in: head).map { .named(channel: $0, symbol: nil) } ?? .answer
        case "coinbase":
            self = Self.pair(Self.value(#""channel":""#, in: head), Self.value(#""product_id":""#, in: head))
        default:
            if Self.value(#""method":""#, in: head) != nil {
                self = .answer
            } else if Self.end(of: #""channel":"instrument""#, in: head) != nil {
                // It lists symbols and is of none.
                self =
                    Self.value(#""channel":""#, in: head).map { .named(channel: $0, symbol: nil) } ?? .general
            } else {
                self = Self.pair(Self.value(#""channel":""#, in: head), Self.value(#""symbol":""#, in: head))
            }
        }
    }

    /// The depth of the book that a frame is of: in Bybit's topic, in Kraken's ack; nil for other frames.
    static func bookDepth(in frame: RawSpan, exchange: String) -> Int? {
        let head = frame.extracting(0..<min(frame.byteCount, Self.searched))
        let mark: StaticString = exchange == "bybit" ? #""topic":"orderbook."# : #""depth":"#
        guard
            exchange == "bybit" || exchange == "kraken" && end(of: #""method":"subscribe""#, in: head) != nil,
            let start = end(of: mark, in: head)
        else { return nil }
        let text = head.withUnsafeBytes { bytes in
            String(decoding: bytes[start...].prefix { (0x30...0x39).contains($0) }, as: UTF8.self)
        }
        return Int(text)
    }

    private static func pair(_ channel: Range<Int>?, _ symbol: Range<Int>?) -> FrameTopic {
        guard let channel, let symbol else { return .general }
        return .named(channel: channel, symbol: symbol)
    }

    /// The place of the text behind `mark`, up to its quote.
    static func value(_ mark: StaticString, in frame: RawSpan) -> Range<Int>? {
        guard let start = end(of: mark, in: frame) else { return nil }
        return frame.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress, let end = memchr(base + start, 0x22, bytes.count - start)
            else {
                return nil
            }
            return start..<(UnsafeRawPointer(end) - base)
        }
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
