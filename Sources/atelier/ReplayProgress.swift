import MarketModel
import Replay

/// The progress of a replay: a line on a terminal, rewritten as it goes.
struct ReplayProgress {
    /// Whether the line is wanted at all.
    let isShown: Bool
    private let started = ContinuousClock.now

    init(isShown: Bool) { self.isShown = isShown }

    /// Seconds since the replay began.
    var seconds: Double { (ContinuousClock.now - started).seconds }

    /// Shows the replay's progress, its rate and the time left.
    func show(_ replay: borrowing Replay) {
        guard Console.isTerminal, isShown else { return }
        let seconds = max(seconds, 1e-9)
        let rate = Double(replay.frames) / seconds
        let position = replay.position.map { UnixTime.rfc3339($0, fractionDigits: 0) } ?? ""
        var text = "\(replay.frames) frames, \(rate.grouped) frames/s, at \(position)"
        if let (read, size) = replay.progress, read > 0 {
            let left = seconds * Double(size - read) / Double(read)
            text += ", \(100 * read / max(size, 1)) %, \(left.rounded(to: 0).grouped) s left"
        }
        Console.progress(text)
    }
}

extension Duration {
    /// The length in seconds.
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}

extension Double {
    /// A rate for people: `1,234,567`.
    var grouped: String {
        guard magnitude < 1e15 else { return "\(self)" }
        let digits = String(Int(rounded()))
        var text = ""
        for (index, digit) in digits.reversed().enumerated() {
            if index > 0, index % 3 == 0, digit != "-" { text.append(",") }
            text.append(digit)
        }
        return String(text.reversed())
    }
}
