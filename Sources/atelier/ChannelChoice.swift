import Recording

/// Which channels of recordings a slice takes: decided once a channel.
struct ChannelChoice {
    private let slice: FrameSlice
    private var decided: [ObjectIdentifier: [Bool]] = [:]

    init(_ slice: FrameSlice) { self.slice = slice }

    /// Whether the frame a reader stands on is of a channel wanted.
    mutating func includesFrame(of reader: RecordingReader) -> Bool {
        if slice.topic.isEmpty { return true }
        let (key, index) = (ObjectIdentifier(reader), reader.channelIndex)
        if let known = decided[key], index < known.count { return known[index] }
        decided[key] = reader.channels.map(slice.includes)
        return decided[key]?[index] ?? false
    }
}
