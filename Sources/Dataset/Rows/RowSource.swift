public import Features
public import MarketModel
public import Synchronizer

/// Where rows come from: one replay of a plan's recordings a call, each call the same.
public protocol RowSource {
    /// Replays the log, or a part and something else behind it, and hands every row to `consumer` in the order
    /// of emission; rows of one instrument come in order of time.
    func replay(
        _ options: SynchronizerOptions,
        _ cut: AuditCut,
        into consumer: any RowReceiver
    ) throws(DatasetError) -> RowSourceReport
}

/// Takes the rows of a replay.
public protocol RowReceiver: AnyObject {
    /// Takes a row; `isFinal` says that the end of the log emitted it, not a frame.
    func receive(
        _ snapshot: borrowing MarketSnapshot,
        _ aggregate: MarketAggregate,
        of instrument: Instrument,
        isFinal: Bool
    )
    /// The clock of an instrument jumped further than is filled: the next row does not follow the one before.
    func reanchored(_ instrument: Instrument)
    /// The log told what the venue says of an instrument: it holds for the rows that follow. By default does nothing.
    ///
    /// `index` is the instrument's in the snapshots.
    func defined(_ definition: InstrumentDefinition, of instrument: Instrument, at index: InstrumentIndex)
}

extension RowReceiver {
    /// Does nothing.
    public func defined(
        _ definition: InstrumentDefinition,
        of instrument: Instrument,
        at index: InstrumentIndex
    ) {}
}

/// Which frames a replay reads.
public enum AuditCut: Equatable, Sendable {
    /// All.
    case whole
    /// Those received up to a time (nanoseconds since the Unix epoch), then the end.
    case truncated(after: Int64)
    /// Those received up to a time, then the log's first frames once more, received later.
    case repeatedFromStart(after: Int64)
    /// Those received up to a time, then every second one, received later than it was.
    case everySecondFrame(after: Int64)

    /// The receive time up to which the log is what it is.
    package var time: Int64 {
        switch self {
        case .whole: .max
        case .truncated(let time), .repeatedFromStart(let time), .everySecondFrame(let time): time
        }
    }

    /// What happens to the log, for a report.
    package var name: String {
        switch self {
        case .whole: "whole"
        case .truncated: "truncated"
        case .repeatedFromStart: "replaced by the log's first frames"
        case .everySecondFrame: "replaced by every second frame, delayed"
        }
    }
}

/// What a replay says of itself.
public struct RowSourceReport: Sendable {
    /// The files read, in order.
    public var files: [String] = []
    /// The receive times of the first and last frame, nanoseconds since the Unix epoch; nil without frames.
    public var span: ClosedRange<Int64>?
    /// Counts by name, in order: frames, decode errors, late events and the like.
    public var counts: [(name: String, count: Int)] = []
    /// Digests of the rows by name, in order: 64 hexadecimal digits.
    public var digests: [(name: String, digest: String)] = []
    /// What a person should know: damage, much that was late.
    public var warnings: [String] = []
    /// Whether a file was damaged or frames were dropped.
    public var isDamaged = false

    /// Nothing read.
    public init() {}

    /// Calls a file by another name in what it says of it.
    mutating func rename(_ file: String, to name: String) {
        for position in warnings.indices where warnings[position].hasPrefix(file + ":") {
            warnings[position] = name + warnings[position].dropFirst(file.count)
        }
    }
}
