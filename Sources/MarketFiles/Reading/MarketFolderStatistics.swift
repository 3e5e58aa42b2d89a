public import MarketModel

/// What the market files of a folder hold, by instrument, data type and stage.
public struct MarketFolderStatistics: Sendable {
    /// What one instrument's files of one data type hold.
    public struct Entry: Sendable, Equatable {
        /// The instrument.
        public var instrument: Instrument
        /// The data type.
        public var type: MarketDataType
        /// Whether the events belong to rows (`sync`) or are raw (`raw`).
        public var stage: MarketFileStage
        /// How many files.
        public var files = 0
        /// The number of records; a book counts once.
        public var rows = 0
        /// The first and last time (`ts` in `sync`, `ts_recv` in `raw` files), nanoseconds since the Unix
        /// epoch.
        public var span: (first: Int64, last: Int64)?
        /// The least and greatest price: of trades and liquidations, of the best levels, of mid prices, of marks.
        public var prices: (least: Double, greatest: Double)?
        /// Steps between successive times longer than the threshold.
        public var gaps = 0
        /// The longest step, nanoseconds.
        public var longestStep: Int64 = 0
        /// Rows of aggregates with a gap.
        public var gapRows = 0

        init(_ instrument: Instrument, _ type: MarketDataType, _ stage: MarketFileStage) {
            self.instrument = instrument
            self.type = type
            self.stage = stage
        }

        mutating func add(time: Int64, threshold: Int64) {
            rows += 1
            if let span {
                let (step, overflow) = time.subtractingReportingOverflow(span.last)
                if !overflow, step > 0 {
                    longestStep = max(longestStep, step)
                    if step > threshold { gaps += 1 }
                }
            }
            span = (min(span?.first ?? time, time), max(span?.last ?? time, time))
        }

        mutating func add(price: Double?) {
            guard let price else { return }
            prices = (min(prices?.least ?? price, price), max(prices?.greatest ?? price, price))
        }

        /// Compares every part.
        public static func == (left: Entry, right: Entry) -> Bool {
            left.instrument == right.instrument && left.type == right.type && left.stage == right.stage
                && left.files == right.files && left.rows == right.rows
                && left.span?.first == right.span?.first
                && left.span?.last == right.span?.last && left.prices?.least == right.prices?.least
                && left.prices?.greatest == right.prices?.greatest && left.gaps == right.gaps
                && left.longestStep == right.longestStep && left.gapRows == right.gapRows
        }
    }

    /// By instrument, data type, stage.
    public var entries: [Entry] {
        found.sorted { left, right in
            if left.instrument != right.instrument { return left.instrument < right.instrument }
            if left.type != right.type { return Self.rank(left.type) < Self.rank(right.type) }
            return left.stage == .synchronized && right.stage == .raw
        }
    }

    /// A step longer than this counts as a gap, nanoseconds.
    public let threshold: Int64
    private var found: [Entry] = []

    /// Empty statistics.
    public init(threshold: Int64 = 5_000_000_000) { self.threshold = threshold }

    private static func rank(_ type: MarketDataType) -> Int {
        MarketDataType.allCases.firstIndex(of: type) ?? 0
    }

    /// Adds the content of a file; throws what its reader throws.
    public mutating func add(_ file: MarketFolderScan.Entry) throws(MarketFileError) {
        switch file.type {
        case .trades:
            try read(file) { (record: TradeRecord) in (record.head, record.price, nil, false) }
        case .liquidations:
            try read(file) { (record: LiquidationRecord) in (record.head, record.price, nil, false) }
        case .fundings: try read(file) { (record: FundingRecord) in (record.head, nil, nil, false) }
        case .openInterests:
            try read(file) { (record: OpenInterestRecord) in (record.head, record.markPrice, nil, false) }
        case .orderbooks:
            try read(file) { (record: BookRecord) in
                (record.head, record.bids.first?.price, record.asks.first?.price, false)
            }
        case .aggregates:
            try read(file) { (record: AggregateRecord) in
                let head = RecordHead(
                    instrument: record.instrument,
                    tsEvent: nil,
                    tsRecv: record.tsAvailable,
                    ts: record.ts
                )
                return (head, record.scalars.first ?? nil, nil, record.gap)
            }
        }
    }

    private mutating func read<Record: MarketRecord>(
        _ file: MarketFolderScan.Entry,
        _ facts: (Record) -> (head: RecordHead, price: Double?, other: Double?, gap: Bool)
    ) throws(MarketFileError) {
        let reader = try MarketFileReader<Record>(path: file.path)
        var touched: [Int] = []
        while let records = try reader.next() {
            for record in records {
                let (head, price, other, gap) = facts(record)
                let index = groupIndex(head.instrument, file.type, head.ts == nil ? .raw : .synchronized)
                if !touched.contains(index) { touched.append(index) }
                found[index].add(time: head.ts ?? head.tsRecv, threshold: threshold)
                found[index].add(price: price)
                found[index].add(price: other)
                if gap { found[index].gapRows += 1 }
            }
        }
        for index in touched { found[index].files += 1 }
    }

    private mutating func groupIndex(
        _ instrument: Instrument,
        _ type: MarketDataType,
        _ stage: MarketFileStage
    ) -> Int {
        let known = found.lastIndex { one in
            one.instrument == instrument && one.type == type && one.stage == stage
        }
        if let known { return known }
        found.append(Entry(instrument, type, stage))
        return found.count - 1
    }
}
