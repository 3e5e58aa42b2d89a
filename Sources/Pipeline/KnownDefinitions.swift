import Exchanges
import MarketModel

/// The latest definition of each instrument in the recordings so far.
struct KnownDefinitions {
    private var latest: [Instrument: InstrumentDefinition] = [:]

    /// The latest definition of an instrument; nil before the first.
    subscript(_ instrument: Instrument) -> InstrumentDefinition? { latest[instrument] }

    /// Applies a list; returns the indexes of `instruments` whose definition changed.
    mutating func update(
        _ list: DefinitionList,
        of exchange: any Exchange,
        _ market: Market,
        instruments: [Instrument]
    ) -> [Int] {
        var changed: Set<Instrument> = []
        for definition in list.definitions {
            let symbol = definition.symbol
            let own = market == .multi ? exchange.market(ofSymbol: symbol) : market
            let name = Instrument(exchange: exchange.name, market: own, symbol: symbol)
            guard latest[name] != definition else { continue }
            latest[name] = definition
            changed.insert(name)
        }
        return instruments.indices.filter { changed.contains(instruments[$0]) }
    }
}

extension KnownDefinitions: StateCodable {
    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        var names = latest.keys.sorted()
        var definitions = names.compactMap { latest[$0] }
        try coder.field("names", &names)
        try coder.field("latest", &definitions)
        guard coder.isReading else { return }
        guard names.count == definitions.count else { throw coder.malformed("definitions without a name") }
        latest = Dictionary(zip(names, definitions)) { $1 }
    }
}
