import Parquet

/// A column of texts, null or not, that is filled in runs of rows with the same text.
struct TextColumn {
    private var texts = ByteArrays()
    private var validity: [Bool] = []
    private var last: String?
    private var ends: [Int] = []
    private var nulls = 0

    mutating func append(_ text: String?, rows: Int = 1) {
        guard rows > 0 else { return }
        let end = (ends.last ?? 0) + rows
        if !ends.isEmpty, text == last {
            ends[ends.count - 1] = end
            return
        }
        texts.append(text ?? "")
        validity.append(text != nil)
        ends.append(end)
        if text == nil { nulls += 1 }
        last = text
    }

    /// The rows in runs.
    var rows: ColumnRows {
        let vector = ColumnVector(.bytes(texts), validity: nulls > 0 ? validity : nil)
        return .runs(ColumnRuns(vector, ends: ends))
    }

    mutating func removeAll() {
        texts.removeAll()
        validity.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        nulls = 0
    }
}
