import ArgumentParser
import MarketModel

/// Which instruments a command gives out: `exchange/market/symbol,…`.
struct InstrumentFilter: ExpressibleByArgument {
    let instruments: [Instrument]

    init?(argument: String) {
        var found: [Instrument] = []
        for text in argument.split(separator: ",", omittingEmptySubsequences: false) {
            guard let one = InstrumentArgument(argument: String(text)) else { return nil }
            found.append(one.instrument)
        }
        instruments = found
    }
}
