/// What a page says of a session, whoever collected it.
package struct ReportContent: Sendable {
    /// The page's title.
    package var title = ""
    /// Each recording read, in the order they were merged.
    package var recordings: [RecordingFacts] = []
    /// The receive times of the first and last frame: nanoseconds since the Unix epoch, UTC.
    package var span: (first: Int64, last: Int64)?
    /// What was lost between the venue's socket and this page, a sentence each.
    package var losses: [String] = []
    /// What else a reader should know, a sentence each.
    package var notes: [String] = []
    /// The numbers that a session is told by at a glance.
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
    /// Changes of books into gapped, and jumps of clocks.
    package var gaps = EventList(limit: 0)
    /// What happened to connections.
    package var statuses = EventList(limit: 0)
    /// Samples of frames of kinds nobody named.
    package var unknownSamples: [String] = []
    /// Commands that make this page and its rows again.
    package var commands: [String] = []
    /// SHA-256 over rows in the order of emission, hexadecimal.
    package var digest = ""
    /// SHA-256 over rows by (ts, exchange, market, symbol), hexadecimal.
    package var contentDigest = ""
    /// Whether rows lie on a uniform grid: then a stretch without rows is one without data.
    package var isOnGrid = true
    /// What made the page.
    package var version = ""

    /// A page that says nothing.
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
        /// What they must add up to; nil where they are no parts of a whole.
        package var total: Count?

        /// Makes a group.
        package init(_ title: String, _ counts: [Count], total: Count? = nil) {
            (self.title, self.counts, self.total) = (title, counts, total)
        }

        /// The sum of the counters.
        var sum: UInt64 { counts.reduce(0) { $0 &+ $1.count } }
    }
}

/// What a page says of one recording.
package struct RecordingFacts: Sendable {
    /// The file's name, without the folders it lies in.
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
    /// Whether the file is whole, in words.
    package var state = ""
    /// Whether anything of it is lost.
    package var isDamaged = false

    /// A recording of which nothing is known.
    package init(name: String) { self.name = name }
}

/// How late trades and liquidations were that came too late for their row.
package struct LatenessFacts: Sendable {
    /// How many.
    package var count = 0
    /// How many of all trades and liquidations that have a row or should have had one.
    package var placed = 0
    /// The number no later than each bound, nanoseconds, the least bound first.
    package var cumulative: [(nanoseconds: Int64, count: Int)] = []
    /// The greatest lateness, nanoseconds.
    package var greatest: Int64 = 0
    /// The hold-back that would have kept 99.9 %, nanoseconds.
    package var suggested: Int64 = 0
    /// The same as the command line has it.
    package var suggestion = ""

    /// Nothing was late.
    package init() {}
}

/// What a page says of one instrument.
package struct InstrumentFacts: Sendable {
    /// `exchange/market/symbol`.
    package var name: String
    /// What was collected of its rows.
    package var tally: InstrumentTally
    /// When its book was wrong.
    package var gaps = GapTally()
    /// Trades, duplicates and snapshot lists aside.
    package var trades = 0
    /// The state of its book at the end.
    package var bookState = ""
    /// Levels of bids and asks at the end.
    package var levels = (bids: 0, asks: 0)
    /// The best bid's price and size at the end, as the venue wrote them.
    package var bestBid: (price: String, size: String)?
    /// The best ask's.
    package var bestAsk: (price: String, size: String)?
    /// Messages after which the synced book was crossed.
    package var crossedSeen = 0

    /// An instrument and its rows.
    package init(name: String, tally: InstrumentTally) {
        (self.name, self.tally) = (name, tally)
    }
}
