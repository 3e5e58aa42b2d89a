import ByteCoding
import Foundation
import MarketModel
import Recording

/// A recording whose slots take turns as one connection a group would have made it, without regard for speed: of frames
/// that are equal byte for byte the first alone, and the requests, answers and states of the group's first slot alone.
enum OneConnection {
    /// Writes it; returns how many frames were copies.
    ///
    /// `isAnswer` tells frames that answer requests.
    static func write(
        _ source: String,
        to path: String,
        isAnswer: (String) -> Bool
    ) throws -> Int {
        let reader = try RecordingReader(path: source)
        let output = try ByteOutput(path: path)
        let writer = try RecordingWriter(output, session: SessionFacts(start: 1))
        var channels: [String: RecordingWriter.ChannelNumber] = [:]
        var (seen, copies, states) = (Set<String>(), 0, Set<String>())
        while try reader.advance() {
            let channel = reader.channel
            guard !channel.exchange.isEmpty else { continue }
            let text = reader.bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
            let (group, isFirst) = (channel.redundant, channel.slot == channel.redundant)
            switch channel.direction {
            case .received:
                if isAnswer(text) {
                    guard isFirst, seen.insert("\(group) \(text)").inserted else { continue }
                } else if !seen.insert("\(group) \(text)").inserted {
                    copies += 1
                    continue
                }
            case .sent: guard isFirst, seen.insert("\(group) \(text)").inserted else { continue }
            case .status:
                guard let status = reader.status, !status.isPlannedClose, let state = status.state,
                    [.connecting, .connected, .disconnected].contains(state),
                    states.insert("\(group) \(status.stateName)").inserted
                else { continue }
            default: break
            }
            let key = "\(group) \(channel.direction) \(channel.request)"
            if channels[key] == nil {
                var one = FrameChannel(
                    exchange: channel.exchange,
                    market: channel.market,
                    slot: group,
                    direction: channel.direction
                )
                (one.protocolID, one.subscriptions) = (channel.protocolID, channel.subscriptions)
                one.request = channel.request
                channels[key] = try writer.add(one)
            }
            guard let number = channels[key] else { continue }
            try writer.write(reader.bytes, on: number, at: reader.receiveTime)
        }
        try writer.finish(reason: "ended")
        try output.finish(replacing: true)
        return copies
    }
}
