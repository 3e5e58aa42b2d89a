import ArgumentParser
import Dataset

/// Converts dataset errors into texts and exit codes.
enum DatasetExit {
    /// Runs `body`; an invalid plan ends with ``ExitCode/usage``.
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
    /// The exit code: for an invalid plan, damaged files of the set, or anything else.
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
