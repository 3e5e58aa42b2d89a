/// A connection's message number, and where its digits stand in the frame.
public struct MessageNumber: Equatable, Sendable {
    /// The number.
    public let value: Int64
    /// Where it stands.
    public let range: Range<Int>

    /// A number that stands at a place.
    init(_ value: Int64, at range: Range<Int>) { (self.value, self.range) = (value, range) }

    /// The digits behind `mark`; nil if there are none, or more than 18.
    init?(behind mark: StaticString, in frame: RawSpan) {
        guard let start = FrameTopic.end(of: mark, in: frame) else { return nil }
        var (end, value) = (start, Int64(0))
        while end < frame.byteCount, end - start < 18 {
            let digit = frame.unsafeLoad(fromByteOffset: end, as: UInt8.self) &- 0x30
            guard digit <= 9 else { break }
            value = value * 10 + Int64(digit)
            end += 1
        }
        guard end > start else { return nil }
        (self.value, range) = (value, start..<end)
    }

    /// The frame with a number that is less by `shift`.
    public func lowered(by shift: Int64, in frame: [UInt8]) -> [UInt8] {
        guard shift != 0 else { return frame }
        return Array(frame[..<range.lowerBound]) + Array(String(value - shift).utf8)
            + Array(frame[range.upperBound...])
    }
}
