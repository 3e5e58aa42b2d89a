import ArgumentParser
import Dataset

/// Turns errors of datasets into texts and exit codes.
enum DatasetExit {
    /// Runs `body`; a plan that makes no sense ends with ``ExitCode/usage``.
    static func reporting(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as DatasetError {
            Console.endProgress()
            Console.report("\(error)")
            throw error.exitCode
        } catch let error as PlanFileError {
            Console.report("\(error)")
            throw ExitCode.usage
        }
    }
}

extension DatasetError {
    /// Whether the plan is at fault, the set's own files, or something else.
    var exitCode: ExitCode {
        switch self {
        case .unknownKey, .unknownName, .badValue, .contradiction, .outputExists, .instrumentAbsent,
            .badOutput,
            .cutOutside:
            .usage
        case .damagedSet: .damage
        default: .failure
        }
    }
}
