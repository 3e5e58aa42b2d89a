import Foundation
import MarketModel

/// Proves that no row uses the future: cuts the log, or replaces what follows a time, replays, and compares
/// the rows emitted before.
///
/// Those rows must be bit-identical before scaling; a label may differ only if it ends after the cut. Rows
/// emitted by the end of the log are ignored.
package struct DatasetAudit {
    private let rows: PreparedRows
    private let source: any RowSource
    private let features: any RowFeatures
    private let folder: String

    /// Audits rows made from `source` with `features`; spills into `folder`.
    package init(_ rows: PreparedRows, _ source: any RowSource, _ features: any RowFeatures, folder: String) {
        self.rows = rows
        self.source = source
        self.features = features
        self.folder = folder
    }

    /// `count` times within the log, every second one exactly when a row became known; deterministic.
    package func times(_ count: Int) throws(DatasetError) -> [Int64] {
        let span = try cuttable()
        var random = SplitMix(seed: UInt64(bitPattern: span.lowerBound) ^ UInt64(count))
        return (0..<count).map { _ in span.lowerBound + random.below(span.upperBound - span.lowerBound) }
    }

    /// The span of frames; there is nothing to cut after the last one.
    private func cuttable() throws(DatasetError) -> ClosedRange<Int64> {
        guard let span = rows.report.span, span.lowerBound < span.upperBound else {
            throw .noRows("its frames arrived at one time, so there is none to cut the log after")
        }
        return span
    }

    /// Audits the dataset a plan describes: replays the log once whole, then once for each cut.
    ///
    /// `times` are receive times, nanoseconds since the Unix epoch; without any, `count` are chosen. Rows
    /// are spilled to a fresh folder in `work`, or in the system's temporary folder if nil.
    package static func audit(
        _ plan: DatasetPlan,
        _ source: any RowSource,
        _ features: any RowFeatures,
        count: Int,
        times: [Int64],
        work: String? = nil,
        progress: (Int) -> Void
    ) throws(DatasetError) -> AuditReport {
        let scratch = try TemporaryFolder(in: work)
        let rows = try PreparedRows.prepare(plan, source, features, in: scratch.path)
        let audit = DatasetAudit(rows, source, features, folder: scratch.path)
        if times.isEmpty { return try audit.run(audit.times(count), progress: progress) }
        let span = try audit.cuttable()
        for time in times where time < span.lowerBound || time >= span.upperBound {
            throw .cutOutside(time, first: span.lowerBound, last: span.upperBound)
        }
        var report = AuditReport()
        for (index, time) in times.enumerated() {
            report.checks += try audit.cuts(time)
            progress(index + 1)
        }
        return report
    }

    /// Cuts the log after each time in each way.
    package func run(_ times: [Int64], progress: (Int) -> Void = { _ in }) throws(DatasetError) -> AuditReport
    {
        var report = AuditReport()
        for (index, time) in times.enumerated() {
            // Exactly when a row became known, an off-by-one would show.
            let time = index % 2 == 1 ? try emission(before: time) : time
            report.checks += try cuts(time)
            progress(index + 1)
        }
        return report
    }

    private func cuts(_ time: Int64) throws(DatasetError) -> [AuditReport.Check] {
        var checks: [AuditReport.Check] = []
        for cut in [
            AuditCut.truncated(after: time), .repeatedFromStart(after: time), .everySecondFrame(after: time),
        ] {
            checks.append(try check(cut))
        }
        return checks
    }

    /// The latest time at which a row of the first instrument became known, up to `time`.
    private func emission(before time: Int64) throws(DatasetError) -> Int64 {
        guard let first = rows.series.first else { return time }
        var found: Int64?
        var reader = try first.rows.reader()
        while try reader.next(), reader.row.available <= time { found = reader.row.available }
        return found ?? time
    }

    private func check(_ cut: AuditCut) throws(DatasetError) -> AuditReport.Check {
        let path = folder + "/audit"
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw .folder(path: path, reason: error.localizedDescription)
        }
        defer { try? FileManager.default.removeItem(atPath: path) }
        // An instrument of the plan may first appear after the cut.
        var plan = rows.plan
        plan.instruments = []
        let other = try PreparedRows.prepare(plan, source, features, cut, in: path)
        let name = "log \(cut.name) after \(UnixTime.rfc3339(cut.time))"
        var compared = (rows: 0, labels: 0)
        for one in rows.series {
            let match = other.series.first { $0.instrument == one.instrument }
            if let difference = try compare(one, match, cut.time, &compared) {
                return AuditReport.Check(name: name, isOK: false, detail: difference)
            }
        }
        let detail =
            "\(compared.rows) rows and \(compared.labels) labels known by then are the same to the bit"
        return AuditReport.Check(name: name, isOK: true, detail: detail)
    }

    /// The first difference between two replays in the rows known up to `time`.
    private func compare(
        _ whole: PreparedRows.Series,
        _ other: PreparedRows.Series?,
        _ time: Int64,
        _ compared: inout (rows: Int, labels: Int)
    ) throws(DatasetError) -> String? {
        var left = try RowsUpTo(whole, time)
        guard let other else {
            return try left.next() ? "\(whole.instrument): its rows are missing" : nil
        }
        var right = try RowsUpTo(other, time)
        var number = 0
        while true {
            let (hasLeft, hasRight) = (try left.next(), try right.next())
            guard hasLeft, hasRight else {
                if hasLeft == hasRight { return nil }
                return "\(whole.instrument), row \(number): \(hasLeft ? "missing" : "appeared")"
            }
            if let difference = difference(left.row, right.row) {
                return "\(whole.instrument), row \(number) (ts \(left.row.ts)): \(difference)"
            }
            for (index, label) in left.labels.enumerated() where label.end <= time {
                compared.labels += 1
                let changed = right.labels[index]
                guard label != changed else { continue }
                let name = rows.plan.labels[index].name
                return "\(whole.instrument), row \(number) (ts \(left.row.ts)): label \(name) was "
                    + "\(DatasetAudit.text(label.value)) and is \(DatasetAudit.text(changed.value))"
            }
            number += 1
            compared.rows += 1
        }
    }

    private func difference(_ left: DatasetRow, _ right: DatasetRow) -> String? {
        if left.isIdentical(to: right) { return nil }
        for index in left.values.indices
        where left.isPresent[index] != right.isPresent[index]
            || left.values[index].bitPattern != right.values[index].bitPattern
        {
            let was = left.isPresent[index] ? left.values[index] : nil
            let now = right.isPresent[index] ? right.values[index] : nil
            return
                "feature \(rows.columns[index].name) was \(DatasetAudit.text(was)) and is \(DatasetAudit.text(now))"
        }
        return "times, flags or reference price differ"
    }

    private static func text(_ value: Double?) -> String { value.map { "\($0)" } ?? "null" }
}

/// The rows of an instrument emitted by frames up to a time, with their labels.
private struct RowsUpTo: ~Copyable {
    private var rows: RowStoreReader
    private var stored: LabelStoreReader
    private let time: Int64

    init(_ series: PreparedRows.Series, _ time: Int64) throws(DatasetError) {
        let opened = try series.rows.reader()
        stored = try series.labels.reader()
        rows = opened
        self.time = time
    }

    var row: DatasetRow { rows.row }
    var labels: [LabelValue] { stored.values }

    mutating func next() throws(DatasetError) -> Bool {
        guard try rows.next(), try stored.next() else { return false }
        return rows.row.available <= time && !rows.row.flags.contains(.final)
    }
}

/// Random numbers that are the same everywhere (splitmix64).
private struct SplitMix {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func below(_ bound: Int64) -> Int64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        mixed ^= mixed >> 31
        return bound <= 0 ? 0 : Int64(mixed % UInt64(bound))
    }
}
