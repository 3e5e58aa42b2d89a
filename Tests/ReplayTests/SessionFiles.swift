import ByteCoding
import Exchanges
import Foundation
import MarketModel
import Recording
import Simulation

/// Recordings of one session in files that follow each other, as a recorder's rotation leaves them.
enum SessionFiles {
    /// The name of a new folder.
    static func folder() throws -> String {
        let url = FileManager.default.temporaryDirectory.appending(path: "keyframes-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        return url.path()
    }

    /// Frames of a file of JSON lines as a recording of many chunks.
    static func imported(
        _ lines: String,
        exchange: String,
        market: Market,
        named name: String,
        in folder: String
    ) throws -> String {
        let rules = ImportRules(
            exchange: exchange,
            protocolID: "",
            markets: [market],
            venueTime: { _ in nil },
            makeProbe: { nil }
        )
        let session = ImportSession(rules: rules)
        try session.add(path: lines)
        let output = try ByteOutput(path: "\(folder)/\(name)")
        try session.write(to: output, compression: .zstd, chunkSize: 1 << 15)
        try output.finish(replacing: true)
        return output.name
    }

    /// A simulated session of two venues with every fault, in one file.
    static func simulated(frames: Int, seed: UInt64, named name: String, in folder: String) throws -> String {
        var plan = SimulationPlan(
            seed: seed,
            venues: [
                try .init(exchange: "bybit", market: .linear), try .init(exchange: "kraken", market: .spot),
            ]
        )
        plan.frames = frames
        plan.faults = try SimulationFaults(parsing: "all")
        var session = try SimulatedSession(plan)
        let output = try ByteOutput(path: "\(folder)/\(name)")
        let facts = SessionFacts(start: plan.start)
        let writer = try RecordingWriter(output, session: facts, compression: .lz4, chunkSize: 1 << 15)
        var numbers: [[RecordingWriter.ChannelNumber]] = []
        for (index, venue) in plan.venues.enumerated() {
            var own: [RecordingWriter.ChannelNumber] = []
            for direction in [FrameDirection.received, .sent, .status] {
                var channel = FrameChannel(
                    exchange: venue.exchange,
                    market: venue.market.rawValue,
                    slot: "c\(index)",
                    direction: direction
                )
                channel.protocolID = venue.source.protocolID
                own.append(try writer.add(channel))
            }
            numbers.append(own)
        }
        var epoch: UInt64 = 0
        var going = true
        while going {
            going = try session.next { frame, bytes in
                let own = numbers[frame.connection]
                switch frame.kind {
                case .received: try writer.write(bytes, on: own[0], at: frame.time)
                case .sent: try writer.write(bytes, on: own[1], at: frame.time)
                case .status:
                    let name = bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
                    guard let state = ConnectionStatus(rawValue: name) else { return }
                    if state == .connecting { epoch += 1 }
                    try writer.write(StatusRecord(state, epoch: epoch), on: own[2], at: frame.time)
                case .reply: break
                }
            }
        }
        try writer.finish(reason: "simulated")
        try output.finish(replacing: true)
        return output.name
    }

    /// A recording's frames in files that follow each other, before one of which three frames of each channel are missing.
    static func split(
        _ recording: String,
        into count: Int,
        lossBefore lost: Int = .max,
        named name: String,
        in folder: String
    ) throws -> [String] {
        var total = 0
        let counter = try RecordingReader(path: recording)
        while try counter.advance() { total += 1 }
        let reader = try RecordingReader(path: recording)
        var paths: [String] = []
        var frame = 0
        for part in 0..<count {
            let output = try ByteOutput(path: "\(folder)/\(name)-\(part).mcap")
            let facts = SessionFacts(start: reader.sessionStart)
            let writer = try RecordingWriter(output, session: facts, compression: .zstd, chunkSize: 1 << 15)
            var numbers: [Int: RecordingWriter.ChannelNumber] = [:]
            while frame < total * (part + 1) / count, try reader.advance() {
                defer { frame += 1 }
                let slot = reader.channelIndex
                let number: RecordingWriter.ChannelNumber
                if let known = numbers[slot] {
                    number = known
                } else {
                    let first = reader.sequence + (part >= lost ? 3 : 0)
                    number = try writer.add(reader.channel, firstSequence: first)
                    numbers[slot] = number
                }
                try writer.write(reader.bytes, on: number, at: reader.receiveTime)
            }
            try writer.finish(reason: "rotated")
            try output.finish(replacing: true)
            paths.append(output.name)
        }
        return paths
    }
}
