import Exchanges
import MarketModel

/// What the seeded toy is asked by REST: `/depth?symbol=S&limit=N`, and `/interest?symbol=S`.
struct ToyReplies: ReplyRules {
    var weightLimit: Int { 600 }
    var polledKinds: FeedKinds { .openInterest }

    func seedRequest(for symbol: String, depth: Int?) -> ReplyRequest? {
        ReplyRequest("/depth?symbol=\(symbol)&limit=\(depth ?? 1_000)", weight: 10)
    }

    func polls(of kinds: FeedKinds, symbol: String) -> [ReplyRequest] {
        kinds.contains(.openInterest) ? [ReplyRequest("/interest?symbol=\(symbol)")] : []
    }

    func seed(requestedBy path: String) -> (symbol: String, depth: Int)? {
        guard path.hasPrefix("/depth?symbol=") else { return nil }
        let values = path.split(separator: "&").compactMap { $0.split(separator: "=").last }
        guard values.count == 2, let depth = Int(values[1]) else { return nil }
        return (String(values[0]), depth)
    }

    func reply(seeding book: BookMessage) -> String {
        #"{"number":\#(book.updateID),\#(ToyEncoder.sides(of: book)),"time":\#(book.time)}"#
    }
}
