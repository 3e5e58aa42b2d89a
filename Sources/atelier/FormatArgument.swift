import ArgumentParser
import ByteCoding
import Exchanges
import MarketModel
import Recording

/// The format of an import's inputs, on the command line.
enum FormatArgument: String, ExpressibleByArgument, CaseIterable {
    case jsonl
    case cryptofeed
    case tardis
    case hftbacktest

    var format: ImportFormat {
        switch self {
        case .jsonl: .jsonl
        case .cryptofeed: .cryptofeed
        case .tardis: .tardis
        case .hftbacktest: .hftbacktest
        }
    }
}
