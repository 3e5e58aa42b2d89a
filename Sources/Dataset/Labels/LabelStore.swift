import ByteCoding

/// The labels of one instrument's rows in a temporary file, in the order of its rows.
package struct LabelStore: Sendable {
    /// The file.
    package let path: String
    /// How many rows it holds.
    package let count: Int
    /// Labels a row.
    package let labels: Int
    /// The number of rows with a value, by label.
    package let defined: [Int]
    /// The longest time from decision to end of a label with a value, by label, nanoseconds.
    package let longest: [Int64]

    /// A reader from the first row on.
    package func reader() throws(DatasetError) -> LabelStoreReader {
        let records = try RecordReader(path: path, length: labels * 17, count: labels == 0 ? 0 : count)
        return LabelStoreReader(records: records, labels: labels, count: count)
    }
}

extension LabelStore {
    /// Computes the labels of all rows of an instrument into a file.
    static func compute(_ rows: RowStore, plan: DatasetPlan, path: String) throws(DatasetError) -> LabelStore
    {
        let writer = try LabelWriter(path: path, labels: plan.labels.count)
        var tracker = LabelTracker(plan.labels, entry: plan.entry, latency: plan.latency)
        var reader = try rows.reader()
        while try reader.next() {
            let row = reader.row.path
            writer.decide(SamplePlanner.decision(row.available, latency: plan.latency))
            try tracker.append(row, writer.append)
        }
        try tracker.finish(writer.append)
        return try writer.finish()
    }
}

/// Writes a ``LabelStore``.
private final class LabelWriter {
    private let output: ByteOutput
    private var record = GrowableBytes()
    private var count = 0
    private var defined: [Int]
    private var longest: [Int64]
    // Labels follow their rows.
    private var decisions: [Int64] = []
    private var decided = 0

    init(path: String, labels: Int) throws(DatasetError) {
        output = try fileWork { () throws(ByteCodingError) in try ByteOutput(path: path) }
        defined = Array(repeating: 0, count: labels)
        longest = Array(repeating: 0, count: labels)
    }

    /// Sets the decision time of the next row.
    func decide(_ time: Int64) {
        decisions.append(time)
        if decided > 4096 {
            decisions.removeFirst(decided)
            decided = 0
        }
    }

    func append(_ values: [LabelValue]) throws(DatasetError) {
        record.removeAll()
        for (index, value) in values.enumerated() {
            record.append(value.value == nil ? UInt8(0) : 1)
            record.append((value.value ?? 0).bitPattern)
            record.append(value.end)
            guard value.value != nil else { continue }
            defined[index] += 1
            longest[index] = max(longest[index], value.end - decisions[decided])
        }
        decided += 1
        count += 1
        // Safe: the buffer is not touched before the call returns.
        let bytes = RawSpan(_unsafeStart: record.unsafeBase, byteCount: record.count)
        do { try output.write(bytes) } catch { throw .file(error) }
    }

    func finish() throws(DatasetError) -> LabelStore {
        try fileWork { () throws(ByteCodingError) in try output.finish(replacing: true) }
        return LabelStore(
            path: output.name,
            count: count,
            labels: defined.count,
            defined: defined,
            longest: longest
        )
    }
}
