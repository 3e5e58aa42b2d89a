public import MarketModel

/// What a venue's market looks like when it is simulated: its symbols, its habits, what a connection opens with.
public protocol SimulationModel: Sendable {
    /// The symbols known; the first are the usual ones.
    var symbols: [SymbolProfile] { get }
    /// Levels a side of its books when nobody says how many.
    var usualDepth: Int { get }
    /// How it publishes at a depth.
    func habits(depth: Int) -> SimulationHabits
    /// What happens when a connection opens, in order.
    func opening(_ symbols: [String], depth: Int) -> [OpeningStep]
    /// The id of the trade with a number of its own in a market, of the symbol at an index.
    func tradeID(_ number: Int64, symbol: Int) -> TradeID
    /// Levels a side that the checksum of a book is of; 0 at venues without.
    var checksumDepth: Int { get }
    /// The checksum of that many levels a side at most, best first.
    func checksum(bids: [PriceLevel], asks: [PriceLevel]) -> UInt32
}

extension SimulationModel {
    /// The number as it is.
    public func tradeID(_ number: Int64, symbol: Int) -> TradeID { TradeID("\(number)") ?? .none }

    /// Most venues send no checksum.
    public var checksumDepth: Int { 0 }

    /// None.
    public func checksum(bids: [PriceLevel], asks: [PriceLevel]) -> UInt32 { 0 }
}
