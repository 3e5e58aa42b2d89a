import ByteCoding
import Exchanges
import FakeExchange
import MarketModel
import Recording
import Simulation

/// A simulated session as a recording: received, sent and status frames of every connection.
enum SimulatedRecording {
    private struct Channels {
        var received: RecordingWriter.ChannelNumber
        var sent: RecordingWriter.ChannelNumber
        var status: RecordingWriter.ChannelNumber
        /// Nil if no reply is written.
        var replies: RecordingWriter.ChannelNumber?
        /// By the path of their request.
        var seeds: [String: RecordingWriter.ChannelNumber] = [:]
        var epoch: UInt64 = 0
    }

    /// Writes the whole session.
    static func write(
        _ plan: SimulationPlan,
        _ compression: RecordingWriter.Compression,
        definitions: Bool = false,
        to output: ByteOutput
    ) throws -> SimulatedSummary {
        var session = try SimulatedSession(plan)
        let facts = SessionFacts(
            start: plan.start,
            details: [("made_by", "atelier simulate"), ("seed", String(plan.seed))]
        )
        let writer = try RecordingWriter(output, session: facts, compression: compression)
        var channels: [Channels] = []
        for (index, venue) in plan.venues.enumerated() {
            channels.append(try add(venue, "c\(index)", definitions: definitions, to: writer))
        }
        let offers = definitions ? plan.venues.map { ServedDefinitions(simulating: $0) } : []
        for (index, offer) in offers.enumerated() {
            guard let number = channels[index].replies else { continue }
            for body in offer.bodies { try writer.write(body.span.bytes, on: number, at: plan.start) }
        }
        var summary = SimulatedSummary()
        var going = true
        var last = plan.start
        while going {
            going = try session.next { frame, bytes in
                last = frame.time
                switch frame.kind {
                case .received:
                    summary.count(bytes, at: frame.time)
                    try writer.write(bytes, on: channels[frame.connection].received, at: frame.time)
                case .sent:
                    try writer.write(bytes, on: channels[frame.connection].sent, at: frame.time)
                case .reply:
                    let venue = plan.venues[frame.connection]
                    let known = channels[frame.connection].seeds[frame.path]
                    let number =
                        try known ?? addSeeds(of: venue, "c\(frame.connection)", frame.path, to: writer)
                    channels[frame.connection].seeds[frame.path] = number
                    try writer.write(bytes, on: number, at: frame.time)
                case .status:
                    let isOpen =
                        try writeStatus(bytes, frame, &channels[frame.connection], writer) == .connected
                    guard isOpen, definitions, let message = offers[frame.connection].message else { return }
                    let exchange = plan.venues[frame.connection].source
                    try tell(message, exchange, frame.time, channels[frame.connection], writer, &summary)
                }
            }
        }
        // Ends like a recorder's session, a second after the last frame.
        for channel in channels {
            let record = StatusRecord(.disconnected, epoch: channel.epoch, reason: "session ended")
            try writer.write(record, on: channel.status, at: last + UnixTime.second)
        }
        try writer.finish(reason: "simulated")
        summary.finish()
        return summary
    }

    /// Definitions on a channel: a request, its acknowledgement, the snapshot.
    private static func tell(
        _ message: String,
        _ exchange: any Exchange,
        _ time: Int64,
        _ channels: Channels,
        _ writer: RecordingWriter,
        _ summary: inout SimulatedSummary
    ) throws(RecordingError) {
        guard let request = exchange.definitions.channelRequest else { return }
        let sent = Array(request.utf8)
        try writer.write(sent.span.bytes, on: channels.sent, at: time)
        var responder = SubscriptionResponder(exchange.server(of: .spot))
        for text in responder.answer(request, at: time) + [message] {
            let frame = Array(text.utf8)
            summary.count(frame.span.bytes, at: time)
            try writer.write(frame.span.bytes, on: channels.received, at: time)
        }
    }

    private static func add(
        _ venue: SimulationPlan.Venue,
        _ slot: String,
        definitions: Bool,
        to writer: RecordingWriter
    ) throws(RecordingError) -> Channels {
        func channel(_ direction: FrameDirection) throws(RecordingError) -> RecordingWriter.ChannelNumber {
            var channel = FrameChannel(
                exchange: venue.exchange,
                market: venue.market.rawValue,
                slot: slot,
                direction: direction
            )
            channel.endpoint = venue.source.endpoint(of: venue.market) ?? ""
            channel.protocolID = venue.source.protocolID
            channel.subscriptions = venue.symbols.map(\.symbol).joined(separator: ",")
            return try writer.add(channel)
        }
        var channels = Channels(
            received: try channel(.received),
            sent: try channel(.sent),
            status: try channel(.status)
        )
        if definitions { channels.replies = try replies(of: venue, slot, to: writer) }
        return channels
    }

    private static func addSeeds(
        of venue: SimulationPlan.Venue,
        _ slot: String,
        _ path: String,
        to writer: RecordingWriter
    ) throws(RecordingError) -> RecordingWriter.ChannelNumber {
        var channel = FrameChannel(
            exchange: venue.exchange,
            market: venue.market.rawValue,
            slot: slot,
            direction: .http
        )
        channel.endpoint = venue.source.definitions.restEndpoint(of: venue.market) ?? ""
        channel.protocolID = venue.source.protocolID
        channel.request = path
        return try writer.add(channel)
    }

    private static func replies(
        of venue: SimulationPlan.Venue,
        _ slot: String,
        to writer: RecordingWriter
    ) throws(RecordingError) -> RecordingWriter.ChannelNumber? {
        guard let address = venue.source.definitions.restEndpoint(of: venue.market) else { return nil }
        var channel = FrameChannel(
            exchange: venue.exchange,
            market: venue.market.rawValue,
            slot: slot,
            direction: .http
        )
        channel.endpoint = address
        channel.protocolID = venue.source.protocolID
        channel.subscriptions = venue.source.definitions.queries(of: venue.market)
            .map { RequestTarget($0).body == nil ? "GET \($0)" : "POST \($0)" }.joined(separator: " ")
        return try writer.add(channel)
    }

    private static func writeStatus(
        _ bytes: RawSpan,
        _ frame: SimulatedFrame,
        _ channels: inout Channels,
        _ writer: RecordingWriter
    ) throws(RecordingError) -> ConnectionStatus? {
        let name = bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        guard let state = ConnectionStatus(rawValue: name) else { return nil }
        if state == .connecting { channels.epoch += 1 }
        let record = StatusRecord(state, epoch: channels.epoch, reason: "simulated")
        try writer.write(record, on: channels.status, at: frame.time)
        return state
    }
}
