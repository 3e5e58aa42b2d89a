import MCAP

/// Detects damage that no checksum covers, and frames that never reached the log, by counters and times.
///
/// It reports a problem exactly where ``RecordingCheck`` does.
final class FrameOrderValidator: MessageValidator {
    private(set) var losses: [Loss] = []
    private var channels: [UInt16: ChannelOrder] = [:]
    private var frames: UInt64 = 0
    private var clock = Int64.min
    /// The frame that the current ones are earlier than, and the loss that states it.
    private var ahead: (loss: Int, clock: Int64, frames: UInt64)?

    private static let kept = 1_000

    private struct ChannelOrder {
        var counter: CounterOrder
        /// The loss that states its last jump.
        var loss: Int?
    }

    func validate(_ message: MessageHeader, on channel: Channel, at offset: UInt64) {
        validateTime(Int64(clamping: message.logTime), offset)
        validateSequence(message.sequence, channel, offset)
        frames += 1
    }

    private func report(_ offset: UInt64, messages: UInt64, _ what: String) -> Int? {
        guard losses.count < Self.kept else { return nil }
        losses.append(
            Loss(offset: offset, length: 0, messages: messages, reason: "frame \(frames): \(what)")
        )
        return losses.count - 1
    }

    /// One time too late makes every later frame look wrong: they are stated as one loss.
    private func validateTime(_ time: Int64, _ offset: UInt64) {
        guard time < clock else {
            clock = time
            return
        }
        let what = "log time \(time) is before \(clock)"
        if let ahead, ahead.clock == clock {
            losses[ahead.loss].reason += ahead.frames == 1 ? ", and frames after it" : ""
            self.ahead?.frames += 1
        } else {
            ahead = report(offset, messages: 0, what).map { ($0, clock, 1) }
        }
    }

    private func validateSequence(_ sequence: UInt32, _ channel: Channel, _ offset: UInt64) {
        guard var order = channels[channel.id] else {
            channels[channel.id] = ChannelOrder(counter: CounterOrder(sequence))
            return
        }
        let last = order.counter.last
        if let jump = order.counter.advance(to: sequence) {
            if jump.isRightAgain, let loss = order.loss { losses[loss].messages = 0 }
            let what = "\(channel.topic): counter \(last) is followed by \(sequence)"
            order.loss = report(offset, messages: jump.missing, what)
        }
        channels[channel.id] = order
    }
}
