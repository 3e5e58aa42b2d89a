package import MarketModel

/// A decoder that expects the venue's usual order of members first, and searches them where a frame has another.
package protocol OrderingDecoder: FrameDecoder {
    /// Whether frames in the venue's usual order are read as such; off, all members are searched.
    var readsInOrder: Bool { get }

    /// The symbols read before.
    var names: InstrumentNames { get set }

    /// Texts that are no JSON and say nothing of the market, such as answers to pings; none by default.
    static var plainTexts: [StaticString] { get }

    /// Decodes a message whose members come in the usual order; false, and nothing changed, if it is another.
    mutating func decodeInOrder(
        _ frame: UnsafeRawBufferPointer,
        receiveTime: Int64,
        into batch: inout EventBatch
    ) -> Bool

    /// Decodes an ack, or a message that nothing is made of, whose members come in the usual order; nil, and nothing
    /// changed, if it is another. None by default.
    mutating func decodeRestInOrder(
        _ frame: UnsafeRawBufferPointer,
        receiveTime: Int64,
        into batch: inout EventBatch
    ) -> FrameOutcome?

    /// Decodes any message that is valid JSON.
    mutating func decodeSearching(
        _ frame: UnsafeRawBufferPointer,
        receiveTime: Int64,
        into batch: inout EventBatch
    ) -> FrameOutcome
}

extension OrderingDecoder {
    package static var plainTexts: [StaticString] { [] }

    /// None: acks are searched, and so is what nothing is made of.
    package mutating func decodeRestInOrder(
        _: UnsafeRawBufferPointer,
        receiveTime: Int64,
        into _: inout EventBatch
    ) -> FrameOutcome? { nil }

    /// None: most venues number topics, or nothing.
    package var sequences: (verified: Int, broken: Int) { (0, 0) }

    /// Ignores it: most acks name what they confirm.
    package mutating func sent(_ frame: RawSpan, receiveTime: Int64) {}

    package mutating func restrict(to symbols: SubscribedSymbols) { names.restrict(to: symbols) }

    /// Forgets nothing: nothing belongs to an attempt.
    package mutating func connectionReset() {}

    package mutating func decode(
        _ frame: RawSpan,
        receiveTime: Int64,
        into batch: inout EventBatch
    ) -> FrameOutcome {
        batch.frameTime = nil
        return frame.withUnsafeBytes { frame in
            if readsInOrder {
                if decodeInOrder(frame, receiveTime: receiveTime, into: &batch) { return .decoded }
                let outcome = decodeRestInOrder(frame, receiveTime: receiveTime, into: &batch)
                if let outcome { return outcome }
            }
            guard JSONValidator.isValid(frame.bytes) else {
                for text in Self.plainTexts where text.isAll(of: frame) { return .ignored }
                return batch.countUnreadableFrame()
            }
            return decodeSearching(frame, receiveTime: receiveTime, into: &batch)
        }
    }
}

extension StaticString {
    /// Whether a frame is this text.
    fileprivate func isAll(of frame: UnsafeRawBufferPointer) -> Bool {
        guard frame.count == utf8CodeUnitCount else { return false }
        for index in 0..<frame.count where frame[index] != utf8Start[index] { return false }
        return true
    }
}
