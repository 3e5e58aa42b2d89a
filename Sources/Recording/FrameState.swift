import MCAP

/// The state of a reader that changes with every frame.
@usableFromInline
struct FrameState: ~Copyable {
    /// Whether all frames are wanted in file order, and the first was returned.
    var isPlain = false
    var isPrimed = false
    var isOver = false
    var channelIndex = 0
    /// Whether the frame's time is the greatest so far, as in this project's recordings, or its own log time.
    var isMonotonic = true
    /// The greatest log time so far.
    var clock: UInt64 = 0
    /// The frame's time.
    var time: UInt64 = 0
    var receiveTime = Int64.min
    var frameCount: UInt64 = 0
    var stepsBack: UInt64 = 0
    var missingFrames: UInt64 = 0
    @usableFromInline var lostIndexes = 0
    /// The frame's bytes, in the memory of the reader that read it.
    @usableFromInline var data = UnsafeRawBufferPointer(start: nil, count: 0)
    private(set) var channelCount = 0
    private var channels: UnsafeMutablePointer<Channel>
    private var channelRoom = 8

    private struct Channel {
        var frames: UInt64 = 0
        var counter = CounterOrder(0)
    }

    init() { channels = .allocate(capacity: channelRoom) }

    deinit { channels.deallocate() }

    /// Makes room for `count` channels; the number never falls.
    mutating func makeRoom(_ count: Int) {
        if count > channelRoom {
            channelRoom = max(count, 2 * channelRoom)
            let moved = UnsafeMutablePointer<Channel>.allocate(capacity: channelRoom)
            moved.moveInitialize(from: channels, count: channelCount)
            channels.deallocate()
            channels = moved
        }
        (channels + channelCount).initialize(repeating: Channel(), count: count - channelCount)
        channelCount = count
    }

    /// How many frames a channel had so far.
    func frames(ofChannel index: Int) -> UInt64 { index < channelCount ? channels[index].frames : 0 }

    /// Reads a frame of the channel at `position`.
    @inline(__always)
    mutating func read(_ message: MessageHeader, _ bytes: RawSpan, at index: Int) {
        precondition(index < channelCount, "a frame of a channel not made room for")
        data = bytes.withUnsafeBytes { $0 }
        if message.logTime < clock { stepsBack &+= 1 }
        clock = max(clock, message.logTime)
        time = isMonotonic ? clock : message.logTime
        receiveTime = Int64(clamping: time)
        channelIndex = index
        frameCount &+= 1
        let channel = channels + index
        let isNext = channel.pointee.frames > 0 && channel.pointee.counter.follows(message.sequence)
        if !isNext { checkCounter(message.sequence, of: channel) }
        channel.pointee.frames &+= 1
    }

    /// Notes in a place what was counted up to the frame.
    func note(in place: inout RecordingPlace) {
        (place.frames, place.clock, place.stepsBack) = (frameCount, clock, stepsBack)
        place.missingFrames = missingFrames
        place.channels = (0..<channelCount).map { index in
            RecordingPlace.Channel(frames: channels[index].frames, counter: channels[index].counter)
        }
    }

    /// Counts on from a place, at whose frame this is; false if that has other channels.
    mutating func resume(from place: RecordingPlace) -> Bool {
        guard place.channels.count == channelCount else { return false }
        (frameCount, clock, stepsBack) = (place.frames, place.clock, place.stepsBack)
        missingFrames = place.missingFrames
        for (index, channel) in place.channels.enumerated() {
            channels[index] = Channel(frames: channel.frames, counter: channel.counter)
        }
        time = clock
        receiveTime = Int64(clamping: time)
        return true
    }

    /// Handles the counter of a channel's first frame, or of one after a possible gap.
    @inline(never)
    private mutating func checkCounter(_ sequence: UInt32, of channel: UnsafeMutablePointer<Channel>) {
        if channel.pointee.frames == 0 {
            channel.pointee.counter = CounterOrder(sequence)
        } else if let jump = channel.pointee.counter.advance(to: sequence) {
            missingFrames = missingFrames &+ jump.missing &- jump.withdrawn
        }
    }
}
