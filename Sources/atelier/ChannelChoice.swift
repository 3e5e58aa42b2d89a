import Recording

/// Decides, once per channel, which channels of recordings a slice includes.
struct ChannelChoice {
    private let slice: FrameSlice
    private var decided: [ObjectIdentifier: [Bool]] = [:]

    init(_ slice: FrameSlice) { self.slice = slice }

    /// Whether a reader's current frame belongs to a wanted channel.
    mutating func includesFrame(of reader: RecordingReader) -> Bool {
        if slice.topic.isEmpty { return true }
        let (key, index) = (ObjectIdentifier(reader), reader.channelIndex)
        if let known = decided[key], index < known.count { return known[index] }
        decided[key] = reader.channels.map(slice.includes)
        return decided[key]?[index] ?? false
    }
}
