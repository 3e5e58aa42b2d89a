import ArgumentParser
import Dataset

/// Shows how far a build is, on a terminal only: what is done, the rate, and how long it takes yet.
final class DatasetProgress {
    private let isShown: Bool
    private let started = ContinuousClock.now
    private var rows = 0
    private var writing: ContinuousClock.Instant?

    init(isShown: Bool) { self.isShown = isShown && Console.isTerminal }

    /// Takes the number of frames replayed.
    func frames(_ count: Int) {
        guard isShown else { return }
        let rate = Double(count) / max((ContinuousClock.now - started).seconds, 1e-9)
        Console.progress("replay: \(count) frames, \(rate.grouped) frames/s, \(rows) rows")
    }

    /// Takes a step of a build.
    func step(_ step: BuildStep) {
        guard isShown else { return }
        switch step {
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

/// Turns errors of datasets into texts and exit codes.
enum DatasetExit {
    /// Runs `body`; a plan that makes no sense ends with ``ExitCode/usage``.
    static func reporting(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as DatasetError {
            Console.endProgress()
            Console.note("\(error)")
            throw error.isUsage ? ExitCode.usage : ExitCode.failure
        } catch let error as PlanFileError {
            Console.note("\(error)")
            throw ExitCode.usage
        }
    }
}

extension DatasetError {
    /// Whether the plan is at fault, not a file.
    fileprivate var isUsage: Bool {
        switch self {
        case .unknownKey, .unknownName, .badValue, .contradiction, .outputExists, .instrumentAbsent: true
        default: false
        }
    }
}
