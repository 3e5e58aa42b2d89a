/// A time to be written as RFC 3339 in UTC.
public struct FrameTime: FramePart {
    private let time: Int64
    private let digits: Int

    /// A time in nanoseconds since the Unix epoch; its fraction is cut to `digits` digits, not rounded.
    public init(_ time: Int64, digits: Int) { (self.time, self.digits) = (time, digits) }

    /// Appends its text.
    public func write(to frame: inout FrameWriter) { frame.write(time: time, digits: digits) }
}
