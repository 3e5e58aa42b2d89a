import Exchanges
import MarketModel
import NIOCore
import Recording

/// Asks by REST for the seeds of books and for values that venues never stream, with each reply logged.
///
/// Everything here runs on the session's event loop; no socket waits for it.
final class ReplyFetcher: @unchecked Sendable {
    private struct Venue {
        let address: String
        let endpoint: Endpoint
        var schedule: ReplySchedule
    }

    private let client: RESTClient
    private unowned let session: CaptureSession
    private var venues: [Venue] = []
    /// The venue of each connection; nil for those that ask for nothing.
    private var indexes: [Int?] = []
    private var isStopped = false

    init(_ plan: CapturePlan, _ client: RESTClient, _ session: CaptureSession) throws(CaptureError) {
        (self.client, self.session) = (client, session)
        for connection in plan.connections {
            guard let rules = connection.exchange.replyRules(of: connection.market),
                let address = connection.restAddress
            else {
                indexes.append(nil)
                continue
            }
            if let known = venues.firstIndex(where: { $0.address == address }) {
                indexes.append(known)
                continue
            }
            let schedule = ReplySchedule(
                weightLimit: rules.weightLimit,
                interval: plan.pollInterval,
                policy: plan.reconnectPolicy,
                seed: UInt64(bitPattern: session.start) &+ UInt64(venues.count)
            )
            indexes.append(venues.count)
            venues.append(Venue(address: address, endpoint: try Endpoint(rest: address), schedule: schedule))
        }
    }

    /// Asks for no more, and ignores replies still to come.
    func stop() { isStopped = true }

    /// Whether a connection has an interface to ask.
    func serves(_ connection: Int) -> Bool { indexes[connection] != nil }

    /// Adds a request.
    func ask(_ request: ReplyRequest, for purpose: ReplySchedule.Purpose, on connection: Int) {
        guard let index = indexes[connection] else { return }
        venues[index].schedule.add(request, for: purpose, on: connection, at: session.now())
    }

    /// Drops the requests of a connection that is over.
    func forget(_ connection: Int) {
        if let index = indexes[connection] { venues[index].schedule.forget(connection) }
    }

    /// Makes the requests that are due.
    func tick() {
        for index in venues.indices { send(index) }
    }

    private func send(_ index: Int) {
        while !isStopped, let entry = venues[index].schedule.next(at: session.now()) {
            client.get(venues[index].endpoint, path: entry.request.path) { [self] result in
                guard !isStopped else { return }
                switch result {
                case .success(let body): received(body, entry.id, index)
                case .failure(let failure): failed(failure, entry.id, index)
                }
                send(index)
            }
        }
    }

    private func received(_ body: ByteBuffer, _ id: Int, _ index: Int) {
        guard let entry = venues[index].schedule.succeeded(id, at: session.now()) else { return }
        session.didReceive(body, answering: entry)
    }

    private func failed(_ failure: RESTFailure, _ id: Int, _ index: Int) {
        guard let (entry, wait) = venues[index].schedule.failed(id, failure, at: session.now()) else {
            return
        }
        var failure = failure
        let endpoint = venues[index].endpoint
        let path = "\(endpoint.restText.dropLast(endpoint.path.hasSuffix("/") ? 1 : 0))\(entry.request.path)"
        failure.reason = "\(path): \(failure.reason); asking again in \(Self.seconds(wait)) s"
        session.didFail(failure, entry)
    }

    private static func seconds(_ wait: Int64) -> String {
        let tenths = (wait + 50 * UnixTime.millisecond) / (100 * UnixTime.millisecond)
        return "\(tenths / 10).\(tenths % 10)"
    }
}
