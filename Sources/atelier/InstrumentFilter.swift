import ArgumentParser
import MarketModel

/// The instruments that a command outputs: `exchange/market/symbol,…`.
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
