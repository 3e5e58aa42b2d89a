/// The facts about one recording.
package struct RecordingFacts: Sendable {
    /// The file's name, without folders.
    package var name: String
    /// Its topics and their messages.
    package var channels: [ReportContent.Count] = []
    /// Messages of all topics.
    package var messages: UInt64 = 0
    /// The earliest and latest receive time: nanoseconds since the Unix epoch, UTC.
    package var span: (first: Int64, last: Int64)?
    /// Bytes of chunks as stored.
    package var storedBytes: UInt64 = 0
    /// Bytes of chunks when expanded.
    package var expandedBytes: UInt64 = 0
    /// How chunks are compressed, such as `12 zstd`.
    package var compression = ""
    /// Whether the file is complete, in words.
    package var state = ""
    /// Whether anything of it is lost.
    package var isDamaged = false

    /// A recording with a name only.
    package init(name: String) { self.name = name }
}
