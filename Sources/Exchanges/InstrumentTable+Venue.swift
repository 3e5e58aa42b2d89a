public import MarketModel

extension InstrumentTable {
    /// The index of a connection's exchange and market, added if new; of several markets each symbol tells its own.
    public mutating func venue(of exchange: any Exchange, _ market: Market) -> VenueIndex {
        venue(
            exchange: exchange.name,
            market: market,
            rule: market == .multi ? exchange.market(ofSymbol:) : nil
        )
    }
}
