public import Exchanges
public import Recording
public import Simulation

/// The instrument definitions of a fake exchange: REST replies by path, or a channel's message.
public struct ServedDefinitions: Sendable {
    /// The bodies of all pages in request order.
    public private(set) var bodies: [[UInt8]] = []
    private var indexes: [String: Int] = [:]
    /// The symbols offered; nil if unknown.
    let symbols: Set<String>?
    /// The snapshot of the channel, if the venue has one.
    public let message: String?

    /// Definitions of a simulated venue's symbols, with `pageSize` per page if the venue has pages.
    public init(simulating venue: SimulationPlan.Venue, pageSize: Int = .max) {
        let (rules, market) = (venue.source.definitions, venue.market)
        let definitions = venue.symbols.map { $0.definition(on: venue.market(of: $0)) }
        let entries = definitions.map { rules.entry($0, market: market) }
        message = rules.channelRequest == nil ? nil : rules.list(entries, next: nil, market: market)
        symbols = Set(venue.symbols.map(\.symbol))
        for (index, query) in rules.queries(of: market).enumerated() {
            let listed = entries.indices.filter { rules.query(listing: definitions[$0]) == index }
            var (rest, page, path) = (listed.map { entries[$0] }[...], 1, query)
            repeat {
                let part = rest.prefix(pageSize)
                rest = rest.dropFirst(part.count)
                page += 1
                let next = rest.isEmpty ? nil : "page%3D\(page)"
                let text = rules.list(Array(part), next: next, market: market)
                add(Array(text.utf8), path)
                path = next.map { DefinitionPage.path(query, cursor: $0) } ?? query
            } while !rest.isEmpty
        }
    }

    /// Definitions of a recording: the replies of the first complete round, or else of the one with the
    /// most replies.
    public init(
        path: String,
        exchange: String,
        market: String,
        catalog: ExchangeCatalog = .standard
    ) throws(RecordingError) {
        (message, symbols) = (nil, nil)
        guard let rules = catalog.named(exchange)?.definitions else { return }
        let tells = { (channel: FrameChannel) in
            channel.exchange == exchange && channel.market == market
                && (channel.direction == .http || channel.direction == .status)
        }
        let reader = try RecordingReader(path: path, isWanted: tells)
        var (best, round) = ([(path: String, body: [UInt8])](), RecordedRound?.none)
        while try reader.advance() {
            guard tells(reader.channel) else { continue }
            if reader.channel.direction == .status {
                if reader.status?.endsRound == true { round = nil }
                continue
            }
            var current = round ?? RecordedRound(reader.channel, rules)
            let request = reader.channel.request
            // Requests for other things than definitions have channels of their own.
            guard request.isEmpty || request == current.path else { continue }
            let goesOn = current.add(reader.bytes)
            if current.isWhole || current.replies.count > best.count { best = current.replies }
            if current.isWhole { break }
            round = goesOn ? current : nil
        }
        for reply in best { add(reply.body, reply.path) }
    }

    /// The body for a request; nil if there is none.
    func reply(to uri: String) -> [UInt8]? { indexes[Self.key(uri)].map { bodies[$0] } }

    private mutating func add(_ body: [UInt8], _ path: String) {
        indexes[Self.key(path)] = bodies.count
        bodies.append(body)
    }

    /// The order of parameters and the size of a page do not matter.
    private static func key(_ uri: String) -> String {
        let target = RequestTarget(uri)
        let parts = target.path.split(separator: "?", maxSplits: 1)
        let items = parts.count == 2 ? parts[1].split(separator: "&") : []
        let path = ([parts.first ?? "/"] + items.filter { !$0.hasPrefix("limit=") }.sorted())
            .joined(separator: "&")
        return RequestTarget(path: path, body: target.body ?? "").text
    }
}
