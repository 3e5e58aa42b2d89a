/// The content of a session's page.
package struct ReportContent: Sendable {
    /// The page's title.
    package var title = ""
    /// Each recording read, in the order they were merged.
    package var recordings: [RecordingFacts] = []
    /// The receive times of the first and last frame: nanoseconds since the Unix epoch, UTC.
    package var span: (first: Int64, last: Int64)?
    /// What was lost between the venue's socket and this page, one sentence each.
    package var losses: [String] = []
    /// Further notes for the reader, one sentence each.
    package var notes: [String] = []
    /// The headline numbers.
    package var headlines: [Count] = []
    /// Counters that add up, and others.
    package var counters: [CounterGroup] = []
    /// Frames over time.
    package var frames = FrameTally(limit: 8)
    /// How late the late events were.
    package var lateness = LatenessFacts()
    /// Each instrument, in the order of its first decoded event.
    package var instruments: [InstrumentFacts] = []
    /// The most instruments that charts are drawn of.
    package var chartLimit = 0
    /// Books becoming gapped, and jumps of clocks.
    package var gaps = EventList(limit: 0)
    /// What happened to connections.
    package var statuses = EventList(limit: 0)
    /// Samples of frames of unknown kinds.
    package var unknownSamples: [String] = []
    /// Commands that reproduce this page and its rows.
    package var commands: [String] = []
    /// SHA-256 over rows in the order of emission, hexadecimal.
    package var digest = ""
    /// SHA-256 over rows by (ts, exchange, market, symbol), hexadecimal.
    package var contentDigest = ""
    /// Whether rows are on a uniform grid, where a time without rows has no data.
    package var isOnGrid = true
    /// What made the page.
    package var version = ""

    /// An empty page.
    package init() {}

    /// A number and what it counts.
    package struct Count: Sendable, Equatable {
        /// What is counted.
        package var label: String
        /// How many.
        package var count: UInt64

        /// Makes one.
        package init(_ label: String, _ count: some BinaryInteger) {
            self.label = label
            self.count = UInt64(clamping: count)
        }
    }

    /// Counters of one subject.
    package struct CounterGroup: Sendable {
        /// The subject.
        package var title: String
        /// The counters.
        package var counts: [Count]
        /// What they must add up to; nil if they are not parts of a whole.
        package var total: Count?

        /// Makes a group.
        package init(_ title: String, _ counts: [Count], total: Count? = nil) {
            (self.title, self.counts, self.total) = (title, counts, total)
        }

        /// The sum of the counters.
        var sum: UInt64 { counts.reduce(0) { $0 &+ $1.count } }
    }
}
