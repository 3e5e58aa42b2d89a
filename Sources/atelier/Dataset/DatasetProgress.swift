import ArgumentParser
import Dataset

/// Shows a build's progress, on a terminal only: the step, the rate, and the time left.
final class DatasetProgress {
    private let isShown: Bool
    private let started = ContinuousClock.now
    private var rows = 0
    private var writing: ContinuousClock.Instant?

    init(isShown: Bool) { self.isShown = isShown && Console.isTerminal }

    /// Shows the number of frames replayed, and the share of the recordings if their size is known.
    private func frames(_ count: Int, _ bytes: (read: UInt64, size: UInt64)?) {
        let seconds = (ContinuousClock.now - started).seconds
        var text =
            "replay: \(count) frames, \((Double(count) / max(seconds, 1e-9)).grouped) frames/s, \(rows) rows"
        if let bytes, bytes.read > 0, bytes.size > 0 {
            let left = seconds * Double(bytes.size - min(bytes.read, bytes.size)) / Double(bytes.read)
            text +=
                ", \(100 * min(bytes.read, bytes.size) / bytes.size) %, \(left.rounded(to: 0).grouped) s left"
        }
        Console.progress(text)
    }

    /// Shows a step of a build.
    func step(_ step: BuildStep) {
        guard isShown else { return }
        switch step {
        case .frames(let count, let bytes): frames(count, bytes)
        case .rows(let count): rows = count
        case .writing(let count, let all):
            let begin = writing ?? ContinuousClock.now
            writing = begin
            let rate = Double(count) / max((ContinuousClock.now - begin).seconds, 1e-9)
            let left = Double(max(0, all - count)) / max(rate, 1e-9)
            Console.progress("writing: \(count) of \(all) rows, \(rate.grouped) rows/s, \(Int(left)) s left")
        case .audit(let cuts): Console.progress("audit: \(cuts) cuts")
        }
    }

    /// Removes the line.
    func end() {
        if isShown { Console.endProgress() }
    }
}
