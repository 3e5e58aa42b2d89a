import Features
import MarketModel
import Synchronizer

/// Which frames a replay reads.
public enum AuditCut: Equatable, Sendable {
    /// All.
    case whole
    /// Those received up to a time (nanoseconds since the Unix epoch), then the end.
    case truncated(after: Int64)
    /// Those received up to a time, then the log's first frames once more, received later.
    case repeatedFromStart(after: Int64)
    /// Those received up to a time, then every second one, with a later receive time.
    case everySecondFrame(after: Int64)

    /// The receive time up to which the log is unchanged.
    package var time: Int64 {
        switch self {
        case .whole: .max
        case .truncated(let time), .repeatedFromStart(let time), .everySecondFrame(let time): time
        }
    }

    /// What is done to the log, for a report.
    package var name: String {
        switch self {
        case .whole: "whole"
        case .truncated: "truncated"
        case .repeatedFromStart: "replaced by the log's first frames"
        case .everySecondFrame: "replaced by every second frame, delayed"
        }
    }
}
