import ArgumentParser
import MarketFiles
import MarketModel
import Synchronizer

/// An instrument on the command line: `exchange/market/symbol`; the symbol may hold slashes.
struct InstrumentArgument: ExpressibleByArgument {
    let instrument: Instrument

    init?(argument: String) {
        let parts = argument.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let market = Market(rawValue: String(parts[1])),
            market != .multi, !parts[0].isEmpty, !parts[2].isEmpty
        else { return nil }
        instrument = Instrument(exchange: String(parts[0]), market: market, symbol: String(parts[2]))
    }
}
