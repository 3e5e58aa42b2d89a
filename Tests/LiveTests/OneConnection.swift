import ByteCoding
import Foundation
import MarketModel
import Recording

/// A recording whose slots take turns as one connection a group would have made it, without regard for speed: of frames
/// that are equal byte for byte the first alone, and the requests, answers and states of the group's first slot alone.
enum OneConnection {
    /// A change of a book: the number it follows, and its own.
    struct Change {
        var book: String
        var previous: Int64
        var number: Int64
    }

    /// What was left out of the source.
    struct Outcome {
        /// Frames that were equal to one before.
        var copies = 0
        /// Changes that lay ahead of their book.
        var overtaking = 0
        /// Whether the last frame of the source was left out.
        var endsLeftOut = false
    }

    /// Writes it; returns what was left out.
    ///
    /// `isAnswer` tells frames that answer requests, `change` those that change a book. A change that lies ahead of the
    /// book, as a slot that has just opened may bring it, is left out: the other slot brings it in its turn.
    static func write(
        _ source: String,
        to path: String,
        isAnswer: (String) -> Bool,
        change: (String) -> Change?
    ) throws -> Outcome {
        let reader = try RecordingReader(path: source)
        let output = try ByteOutput(path: path)
        let writer = try RecordingWriter(output, session: SessionFacts(start: 1))
        var channels: [String: RecordingWriter.ChannelNumber] = [:]
        var (seen, states, outcome) = (Set<String>(), Set<String>(), Outcome())
        var numbers: [String: Int64] = [:]
        while try reader.advance() {
            let channel = reader.channel
            guard !channel.exchange.isEmpty else { continue }
            let text = reader.bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
            let (group, isFirst) = (channel.redundant, channel.slot == channel.redundant)
            switch channel.direction {
            case .received:
                outcome.endsLeftOut = true
                if isAnswer(text) {
                    guard isFirst, seen.insert("\(group) \(text)").inserted else { continue }
                } else {
                    if seen.contains("\(group) \(text)") {
                        outcome.copies += 1
                        continue
                    }
                    if let change = change(text) {
                        guard change.previous <= numbers[change.book] ?? .max else {
                            outcome.overtaking += 1
                            continue
                        }
                        numbers[change.book] = max(change.number, numbers[change.book] ?? 0)
                    }
                    seen.insert("\(group) \(text)")
                }
                outcome.endsLeftOut = false
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
        return outcome
    }
}
