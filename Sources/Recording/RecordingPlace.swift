package import MarketModel

/// Where in a recording a frame is, and what a reader has counted up to it: enough to go on from there without reading
/// what lies before.
package struct RecordingPlace: Equatable, Sendable {
    /// What was counted on a channel.
    package struct Channel: Equatable, Sendable {
        var frames: UInt64
        var counter: CounterOrder
    }

    /// The offset of the frame's chunk in the file.
    package var chunk: UInt64 = 0
    /// The records of the chunk that were read, the frame's included.
    package var record = 0
    /// The frames read, this one included.
    package var frames: UInt64 = 0
    /// The earliest log time so far: nanoseconds since the Unix epoch.
    package var start: UInt64 = 0
    /// The greatest log time so far.
    package var clock: UInt64 = 0
    /// How often receive time stepped back.
    package var stepsBack: UInt64 = 0
    /// The frames missing by the channels' counters.
    package var missingFrames: UInt64 = 0
    /// What was counted on each channel, in the reader's order.
    package var channels: [Channel] = []

    /// The beginning.
    package init() {}
}

extension RecordingPlace: StateElement {
    package static var blank: RecordingPlace { RecordingPlace() }

    package mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.packed("chunk", &chunk)
        try coder.packed("record", &record)
        try coder.packed("frames", &frames)
        try coder.packed("start", &start)
        try coder.packed("clock", &clock)
        try coder.packed("stepsBack", &stepsBack)
        try coder.packed("missingFrames", &missingFrames)
        try coder.packed("channels", &channels)
    }
}

extension RecordingPlace.Channel: StateElement {
    package static var blank: Self { Self(frames: 0, counter: .blank) }

    package mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.packed("frames", &frames)
        try coder.packed("counter", &counter)
    }
}
