import ByteCoding

/// A keyframe of a file, as its index names it.
public struct KeyframeIndex: Equatable, Sendable {
    /// Its number in the file, from 0.
    public var number: UInt32
    /// The receive time of the last frame that it takes in: nanoseconds since the Unix epoch.
    public var time: Int64
    /// The greatest `ts` of the rows before it, and of the clock jumps: nanoseconds since the Unix epoch; `Int64.min`
    /// without any.
    ///
    /// All rows with a greater `ts` come after the keyframe.
    public var rowsThrough: Int64
    /// The frames received before it, since its session began.
    public var frames: Int
    /// The SHA-256 over the lines of its `/digest`, as hexadecimal text.
    public var root: String

    /// Makes one.
    public init(number: UInt32, time: Int64, rowsThrough: Int64, frames: Int, root: String) {
        (self.number, self.time, self.rowsThrough) = (number, time, rowsThrough)
        (self.frames, self.root) = (frames, root)
    }

    /// Its value in the index: numbers and root between spaces.
    var text: String { "\(time) \(rowsThrough) \(frames) \(root)" }

    init?(number: UInt32, _ text: String) {
        let fields = text.split(separator: " ")
        guard fields.count == 4, let time = Int64(fields[0]), let rows = Int64(fields[1]),
            let frames = Int(fields[2])
        else { return nil }
        self.init(number: number, time: time, rowsThrough: rows, frames: frames, root: String(fields[3]))
    }
}
