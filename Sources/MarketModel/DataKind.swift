/// A kind of market data, with every name it goes by: the one table of them, also shown in `docs/VOCABULARY.md`.
public struct DataKind: Sendable {
    /// Its feeds.
    public let feed: FeedKinds
    /// Its events in an ``EventBatch``.
    public let event: EventReference.Kind
    /// In flags (`--kinds`), channel metadata and JSON lists of kinds.
    public let name: String
    /// In a session manifest's `[collect.datatypes]`.
    public let manifestKey: String
    /// As the `type` of a line of `cat --events`; of books, that of a snapshot and that of a delta.
    public let eventTypes: [String]
    /// As keys of event counts in JSON, in the order of ``eventTypes``.
    public let countKeys: [String]
    /// In the topics of the in-process channels, such as `trade.EXCHANGE.linear.BTCUSDT`.
    public let topic: String
    /// In the topics that the recorder's monitor reports; one ticker carries two kinds.
    public let monitorTopic: String
    /// The folder of its market files.
    public let folder: String
    /// In the names of its market files.
    public let tag: String
    /// The column of `aggregates/` that says whether its feed was live throughout a row; nil if none does.
    public let observedColumn: String?
}

extension DataKind {
    /// Order books.
    public static let book = DataKind(
        feed: .book,
        event: .book,
        name: "book",
        manifestKey: "orderbook",
        eventTypes: ["book_snapshot", "book_delta"],
        countKeys: ["book_snapshots", "book_deltas"],
        topic: "book",
        monitorTopic: "book",
        folder: "orderbooks",
        tag: "ob",
        observedColumn: nil
    )
    /// Trades.
    public static let trades = DataKind(
        feed: .trades,
        event: .trade,
        name: "trades",
        manifestKey: "trades",
        eventTypes: ["trade"],
        countKeys: ["trades"],
        topic: "trade",
        monitorTopic: "trades",
        folder: "trades",
        tag: "trades",
        observedColumn: "observed_trades"
    )
    /// Liquidations.
    public static let liquidations = DataKind(
        feed: .liquidations,
        event: .liquidation,
        name: "liquidations",
        manifestKey: "liquidations",
        eventTypes: ["liquidation"],
        countKeys: ["liquidations"],
        topic: "liquidation",
        monitorTopic: "liquidations",
        folder: "liquidations",
        tag: "liquidations",
        observedColumn: "observed_liquidations"
    )
    /// Funding rates.
    public static let fundingRates = DataKind(
        feed: .fundingRates,
        event: .fundingRate,
        name: "funding",
        manifestKey: "funding",
        eventTypes: ["funding_rate"],
        countKeys: ["funding_rates"],
        topic: "funding",
        monitorTopic: "ticker",
        folder: "fundings",
        tag: "funding",
        observedColumn: nil
    )
    /// Open interest.
    public static let openInterest = DataKind(
        feed: .openInterest,
        event: .openInterest,
        name: "open_interest",
        manifestKey: "open_interest",
        eventTypes: ["open_interest"],
        countKeys: ["open_interest"],
        topic: "interest",
        monitorTopic: "ticker",
        folder: "open_interests",
        tag: "oi",
        observedColumn: nil
    )

    /// Every kind, in the order in which they are listed everywhere.
    public static let all = [book, trades, liquidations, fundingRates, openInterest]
}

extension FeedKinds {
    /// The kinds of a list of names such as `book,trades`; nil if a name is none.
    public init?(names: String) {
        self = []
        for name in names.split(separator: ",") {
            guard let kind = DataKind.all.first(where: { $0.name == name }) else { return nil }
            insert(kind.feed)
        }
    }

    /// The names of the kinds in the table's order.
    public var names: [String] { DataKind.all.filter { contains($0.feed) }.map(\.name) }
}
