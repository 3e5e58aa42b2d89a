import ArgumentParser
import ByteCoding
import Exchanges
import FakeExchange
import Glibc
import MarketModel
import Recording
import Simulation

/// `atelier serve`: plays a recording or a simulation as a fake exchange.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Plays a recording or a simulation as a fake exchange over WebSocket.",
        discussion: """
            Clients send the venue's own subscribe messages and get its acks, pongs, and the frames of the topics \
            they subscribed to (books at the depth that the recording holds). The same port answers the venue's REST \
            request for instrument definitions, those of the simulated symbols or those that the recording holds.

            Examples:
              atelier serve session.mcap --port 9001 --speed 10x
              atelier serve --simulate \(HelpExample.spot.venue) --duration 10m --port 9001 --speed max
              atelier serve --simulate \(HelpExample.usual.venue) --port 9001 --resume --fault close/300 --fault drop@1000
            """
    )

    @Argument(help: "The recording to play; or use --simulate.", completion: .file(extensions: ["mcap"]))
    var recording: String?

    @Option(
        help:
            "The connection of the recording: a topic such as /\(HelpExample.spot.exchange)/\(HelpExample.spot.market)/c0/in (default: its first)."
    )
    var topic: String?

    @Option(
        help:
            "What to simulate instead: \(FeedSelection.list(FeedSelection.simulated.flatMap(FeedSelection.names), "or"))."
    )
    var simulate: String?

    @Option(help: "The simulation's seed.")
    var seed: UInt64 = 1

    @Option(help: "How long the simulated session lasts.")
    var duration = DurationArgument(nanoseconds: 3_600_000_000_000)

    @Option(help: "Levels a side of the simulated books.")
    var depth: Int?

    @Option(help: "The port to listen on; 0 takes a free one, which is printed.")
    var port = 0

    @Option(help: "The address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "How fast: 1x, 10x, … or max.")
    var speed = "1x"

    @Flag(help: "A new connection goes on where the last one stopped, beside others as they do.")
    var resume = false

    @Flag(help: "Close connections at the end of the source, and end then.")
    var once = false

    @Option(
        help:
            """
            Repeatable: drop, duplicate, corrupt, stall, close, refuse; KIND@N once, KIND/N each Nth, close@N:CODE. \
            N counts frames (refuse: connections), or is a time such as 30s. shutdown@N:SECONDS says that it closes, and \
            does then. Of REST requests for seeds and values, which \
            N counts then: late@N:SECONDS, old, early, wrong, fail (500), busy@N:SECONDS (429), ban@N:SECONDS (418).
            """
    )
    var fault: [String] = []

    @Option(help: "A PEM file of the certificate chain, to serve wss:// (with --key).", completion: .file())
    var cert: String?

    @Option(help: "A PEM file of the certificate's key.", completion: .file())
    var key: String?

    mutating func validate() throws {
        guard (recording == nil) != (simulate == nil) else {
            throw ValidationError("name a recording, or what to --simulate, and not both")
        }
        guard (0...65_535).contains(port) else { throw ValidationError("--port must be from 0 to 65535") }
        guard (cert == nil) == (key == nil) else { throw ValidationError("--cert and --key go together") }
        _ = try chosenSpeed()
        for text in fault where ServedFault(text) == nil {
            throw ValidationError(
                "--fault '\(text)' is none; expected such as drop@100, close/300, close@500:1012, stall@30s "
                    + "(kinds: \(ServedFault.Kind.allCases.map(\.rawValue).joined(separator: ", ")))"
            )
        }
        if simulate != nil {
            do {
                _ = try simulation()
            } catch {
                throw ValidationError(error.description)
            }
        }
    }

    private func chosenSpeed() throws -> Double? {
        if speed == "max" { return nil }
        guard speed.hasSuffix("x"), let factor = Double(speed.dropLast()), factor > 0, factor.isFinite else {
            throw ValidationError("--speed is max, 1x or such as 2.5x; found '\(speed)'")
        }
        return factor
    }

    private func simulation() throws(SimulationError) -> SimulationPlan {
        let venues = try SimulatedVenues.parse(simulate ?? "", nil, depth)
        guard venues.count == 1 else { throw .unknownVenue(simulate ?? "") }
        var plan = SimulationPlan(seed: seed, venues: venues)
        plan.duration = duration.nanoseconds
        return plan
    }

    mutating func run() throws {
        do {
            OpenFiles.allowMany()
            try WorkerThread.probe(2)
            let server = try makeServer()
            let port = try server.start()
            Console.set(.none)
            try Console.result("\(cert == nil ? "ws" : "wss")://\(PrintableText.escaped(host)):\(port)/")
            StopSignal.install()
            while !StopSignal.isAsked, !(once && server.currentCounts().isOver) { usleep(100_000) }
            // The last frames and the close may still be in transit.
            if once { usleep(500_000) }
            let counts = server.stop()
            try Console.result(
                "served \(counts.frames) frames to \(counts.connections) connections, \(counts.answers) answers, "
                    + "\(counts.snapshots) snapshots, \(counts.replies) REST replies, \(counts.faults) faults"
            )
        } catch let error as FakeExchangeError {
            throw CommandFailure(error.description)
        } catch let error as RecordingError {
            throw CommandFailure(error.description)
        }
    }

    private func makeServer() throws -> FakeExchangeServer {
        guard let path = recording else {
            let plan = try simulation()
            let venue = plan.venues[0]
            var options = try options(venue.exchange, venue.market.rawValue)
            options.definitions = ServedDefinitions(simulating: venue)
            options.depths = venue.servedDepths
            return FakeExchangeServer(options) { try SimulatedSource(plan) }
        }
        let channel = try firstChannel(path)
        var options = try options(channel.exchange, channel.market)
        options.definitions = try ServedDefinitions(
            path: path,
            exchange: channel.exchange,
            market: channel.market
        )
        options.depths = try RecordedSource.depths(path: path, of: channel)
        return FakeExchangeServer(options) {
            try RecordedSource(path: path, topic: channel.topic)
        }
    }

    private func firstChannel(_ path: String) throws -> FrameChannel {
        let reader = try RecordingReader(path: path, order: .time)
        while try reader.advance() {
            let channel = reader.channel
            if channel.direction == .received, topic == nil || topic == channel.topic { return channel }
        }
        throw CommandFailure("\(path): holds no received frames\(topic.map { " on \($0)" } ?? "")")
    }

    private func options(_ exchange: String, _ market: String) throws -> FakeExchangeOptions {
        var options = FakeExchangeOptions(exchange: exchange, market: market)
        // Each client has a socket and perhaps a file; a few descriptors are reserved for the rest.
        options.connectionLimit = (OpenFiles.left() - 8) / 2
        options.host = host
        options.port = port
        options.speed = try chosenSpeed()
        options.resumes = resume
        options.closesAtEnd = once
        options.faults = fault.compactMap(ServedFault.init)
        if let cert, let key { options.certificate = (cert, key) }
        return options
    }
}
