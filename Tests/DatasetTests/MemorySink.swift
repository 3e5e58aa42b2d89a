import Dataset

/// Collects what a build writes.
final class MemoryRecord {
    var layouts: [DatasetLayout] = []
    var rows: [[OutputRow]] = []
}

struct MemorySink: DatasetSink {
    let record: MemoryRecord

    mutating func begin(_ layout: DatasetLayout, in folder: String) throws(DatasetError) {
        record.layouts.append(layout)
        record.rows.append([])
    }

    mutating func write(_ row: borrowing OutputRow) throws(DatasetError) {
        let copy = copy row
        record.rows[record.rows.count - 1].append(copy)
    }

    mutating func finish() throws(DatasetError) {}
}
