import ArgumentParser
import Glibc

/// Why results cannot be written to their destination.
enum OutputError: Error, Equatable, CustomStringConvertible {
    /// A folder that is not empty.
    case notEmpty(String)
    /// An error of the operating system.
    case system(String, String)

    var description: String {
        switch self {
        case .notEmpty(let path):
            "\(path): the output folder is not empty (choose another, or add --force to write beside what is there)"
        case .system(let path, let reason):
            "\(path): cannot write there: \(reason) (choose a folder that can be written)"
        }
    }
}
