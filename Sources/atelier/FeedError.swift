import Capture
import Exchanges
import MarketModel
import Recording

/// Invalid feed selection.
enum FeedError: Error, Equatable, CustomStringConvertible {
    case exchange(String, nearest: String, known: [String])
    case market(String, nearest: String)
    case noMarket(String, String)
    case oneConnection(String)
    case depth(String, Int, offered: [Int])
    case kinds(String)
    case noKind(String)
    case noSymbols
    case feed(String)
    case twice

    var description: String {
        switch self {
        case .exchange(let name, let nearest, let known):
            "unknown exchange '\(name)'; nearest: \(nearest) (known: \(known.joined(separator: ", ")))"
        case .market(let name, let nearest): "unknown market '\(name)'; nearest: \(nearest)"
        case .noMarket(let name, let market): "\(name) has no market '\(market)' here"
        case .oneConnection(let name):
            "\(name) has its markets on one connection, and a symbol tells which it is of; name none"
        case .depth(let name, let depth, let offered):
            "\(name) offers books of \(offered.map(String.init).joined(separator: ", ")) levels, found \(depth)"
        case .kinds(let text): "kinds are \(FeedKinds.all.names.joined(separator: ", ")); found '\(text)'"
        case .noKind(let name): "\(name) has no feed of the kinds wanted"
        case .noSymbols: "name at least one symbol with --symbols, --feed or a manifest"
        case .feed(let text):
            "--feed '\(text)' names no symbols; expected such as \(HelpExample.usual.venue):\(HelpExample.usual.pair)"
        case .twice: "name feeds in one way: --manifest, --feed, or --exchange with --symbols"
        }
    }
}
