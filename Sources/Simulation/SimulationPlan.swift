public import Exchanges
public import MarketModel

/// What to simulate; the same plan gives the same bytes on every machine.
public struct SimulationPlan: Sendable {
    /// One connection.
    public struct Venue: Sendable {
        /// The exchange's name.
        public var exchange: String { source.name }
        /// The exchange whose frames are simulated.
        public let source: any Exchange
        /// The market.
        public let market: Market
        /// The symbols, without duplicates.
        public private(set) var symbols: [SymbolProfile]
        /// Levels a side of the books; nil = the venue's usual depth.
        public let depth: Int?
        let model: any SimulationModel

        /// The market of a symbol.
        public func market(of profile: SymbolProfile) -> Market {
            market == .multi ? source.market(ofSymbol: profile.symbol) : market
        }

        /// Levels a side of the simulated books.
        public var bookDepth: Int { depth ?? model.usualDepth }

        /// The depths that can be subscribed; nil if the venue has full books only.
        public var servedDepths: Set<Int>? { source.depths.isEmpty ? nil : [bookDepth] }

        /// Makes a connection; no symbols means the market's first two.
        public init(
            exchange: String,
            market: Market,
            symbols: [String] = [],
            depth: Int? = nil,
            catalog: ExchangeCatalog = .standard
        ) throws(SimulationError) {
            guard let source = catalog.named(exchange), let model = source.simulation(of: market) else {
                throw .unknownVenue("\(exchange)/\(market.rawValue)", known: catalog.simulatedVenues)
            }
            let known = model.symbols
            (self.source, self.model) = (source, model)
            self.market = market
            self.depth = depth
            self.symbols = symbols.isEmpty ? Array(known.prefix(2)) : []
            for symbol in symbols {
                guard let profile = known.first(where: { $0.symbol == symbol }) else {
                    throw .unknownSymbol(symbol, known: known.map(\.symbol))
                }
                if !self.symbols.contains(profile) { self.symbols.append(profile) }
            }
        }
    }

    /// The random seed.
    public var seed: UInt64
    /// The connections.
    public var venues: [Venue]
    /// The first instant: nanoseconds since the Unix epoch.
    public var start: Int64 = 1_772_452_800 * UnixTime.second
    /// The duration, in nanoseconds; nil = no limit.
    public var duration: Int64?
    /// The number of received frames; nil = no limit.
    public var frames: Int?
    /// The activity multiplier.
    public var activity = 1.0
    /// Whether seeds of books are there when a connection opens, for who is to be served rather than recorded.
    public var hasSeedsAtOnce = false
    /// The faults.
    public var faults = SimulationFaults()

    /// Makes a plan; it ends only if ``duration`` or ``frames`` is set.
    public init(seed: UInt64, venues: [Venue]) {
        self.seed = seed
        self.venues = venues
    }
}
