import Dispatch
import Exchanges
import MarketModel
import NIOCore
import Recording

/// Requests the definitions of each market of a session: by REST, page by page, with each reply logged, or
/// on a channel of one of its connections.
///
/// Failures are reported and retried a few times; no socket waits for them. All but the parsing of replies
/// runs on the event loop.
final class DefinitionFetcher: @unchecked Sendable {
    private struct Venue {
        var exchange: any Exchange
        var market: Market
        /// The connection whose topic gets the replies, or that subscribes to the channel.
        var index: Int
        /// Nil if a channel brings the definitions.
        var endpoint: Endpoint?
        var fetch: DefinitionFetch?
        var failures = 0
        var askedAt: Int64?
        var isJudged = false
    }

    private let client: RESTClient
    private unowned let session: CaptureSession
    private var venues: [Venue] = []
    private var isStopped = false
    /// Replies being read.
    private let reading = DispatchGroup()
    /// Waits before each retry, in nanoseconds.
    private let waits: [Int64]
    /// The least time between two rounds, in nanoseconds.
    private let renewal: Int64

    init(_ plan: CapturePlan, _ client: RESTClient, _ session: CaptureSession) throws(CaptureError) {
        self.client = client
        self.session = session
        renewal = plan.definitionsAge
        waits = plan.definitionsRetries
        for index in plan.connections.indices where plan.asksDefinitions(index) {
            let connection = plan.connections[index]
            var venue = Venue(exchange: connection.exchange, market: connection.market, index: index)
            if let address = plan.restAddress(index) { venue.endpoint = try Endpoint(rest: address) }
            venues.append(venue)
        }
    }

    /// Sends the first requests.
    func start() {
        for index in venues.indices { ask(index) }
    }

    /// A new file begins: requests definitions again if the last ones are old enough.
    func renew() {
        let now = session.now()
        for index in venues.indices where now - (venues[index].askedAt ?? .min / 2) >= renewal {
            if venues[index].endpoint == nil { session.askChannel(venues[index].index) }
            venues[index].failures = 0
            ask(index)
        }
    }

    /// Stops requesting and ignores replies still to come.
    func stop() { isStopped = true }

    /// Waits for replies being parsed; not to be called on the event loop, which they need.
    func drain() { reading.wait() }

    /// A channel brought definitions.
    func didReceiveDefinitions(_ list: DefinitionList, on connection: Int) {
        guard list.isWhole, let index = venues.firstIndex(where: { $0.index == connection }) else { return }
        know(list.definitions.map(\.symbol), index)
    }

    // MARK: - Requests

    private func ask(_ index: Int) {
        guard !isStopped, venues[index].fetch == nil else { return }
        venues[index].askedAt = session.now()
        guard venues[index].endpoint != nil else { return }
        let rules = venues[index].exchange.definitions
        venues[index].fetch = DefinitionFetch(rules.queries(of: venues[index].market))
        next(index)
    }

    private func next(_ index: Int) {
        guard let endpoint = venues[index].endpoint, let fetch = venues[index].fetch else { return }
        guard let path = fetch.path else {
            venues[index].fetch = nil
            return know(fetch.symbols, index)
        }
        client.get(endpoint, path: path) { [self] result in
            guard !isStopped else { return }
            switch result {
            case .success(let body): received(body, path, index)
            case .failure(let failure): failed(failure.reason, failure.status, index)
            }
        }
    }

    private func received(_ body: ByteBuffer, _ path: String, _ index: Int) {
        session.logReply(body, path: path, on: venues[index].index)
        let rules = venues[index].exchange.definitions
        // A page can be megabytes long; the sockets must not wait for its parsing.
        DispatchQueue.global(qos: .utility).async(group: reading) { [self] in
            let page = body.withUnsafeReadableBytes { bytes -> Result<DefinitionPage, DefinitionFault> in
                do throws(DefinitionFault) {
                    return .success(try rules.read(bytes.bytes))
                } catch {
                    return .failure(error)
                }
            }
            session.loop.execute { [self] in
                guard !isStopped else { return }
                receive(page, size: body.readableBytes, index)
            }
        }
    }

    private func receive(_ page: Result<DefinitionPage, DefinitionFault>, size: Int, _ index: Int) {
        do throws(DefinitionFault) {
            try venues[index].fetch?.append(page.get(), size: size)
        } catch {
            return failed(error.description, nil, index)
        }
        next(index)
    }

    private func failed(_ reason: String, _ status: Int64?, _ index: Int) {
        let venue = venues[index]
        let address = venue.endpoint?.restText ?? ""
        venues[index].fetch = nil
        venues[index].failures += 1
        let wait = venue.failures < waits.count ? waits[venue.failures] : nil
        session.warn(
            "\(venue.exchange.name)/\(venue.market.rawValue): instrument definitions could not be fetched from "
                + "\(address): \(reason); \(wait == nil ? "recording without them" : "trying again later")"
        )
        let record = StatusRecord(
            .rejected,
            reason: "\(address): \(reason)",
            code: status,
            topic: "definitions"
        )
        session.record(record, on: venue.index)
        guard let wait else { return }
        session.loop.scheduleTask(in: .nanoseconds(wait)) { [self] in
            // A new file may have requested them meanwhile.
            if venues[index].failures > 0 { ask(index) }
        }
    }

    // MARK: - What is known then

    /// All symbols of a market are known: reports subscribed ones that are not among them, once.
    private func know(_ symbols: [String], _ index: Int) {
        let (venue, offered) = (venues[index], OfferedSymbols(symbols))
        venues[index].failures = 0
        session.definitionsKnown(symbols.count, on: venue.index)
        guard !venue.isJudged, !symbols.isEmpty else { return }
        venues[index].isJudged = true
        session.judge(offered, exchange: venue.exchange.name, market: venue.market)
    }
}
