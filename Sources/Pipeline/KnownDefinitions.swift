import MarketModel

/// What the recordings said so far of instruments that venues offer: the latest definition of each.
struct KnownDefinitions {
    private var latest: [Instrument: InstrumentDefinition] = [:]

    /// The latest definition of an instrument; nil before the first.
    subscript(_ instrument: Instrument) -> InstrumentDefinition? { latest[instrument] }

    /// Takes a list; which of `instruments` it says something new of, as places.
    mutating func update(
        _ list: DefinitionList,
        exchange: String,
        market: Market,
        instruments: [Instrument]
    ) -> [Int] {
        var changed: Set<Instrument> = []
        for definition in list.definitions {
            let name = Instrument(exchange: exchange, market: market, symbol: definition.symbol)
            guard latest[name] != definition else { continue }
            latest[name] = definition
            changed.insert(name)
        }
        return instruments.indices.filter { changed.contains(instruments[$0]) }
    }
}
