/// The columns of a flat file, in order.
public struct ParquetSchema: Sendable, Hashable {
    /// The columns in file order.
    public var columns: [ParquetColumn]

    /// Makes a schema; the writer checks it.
    public init(_ columns: [ParquetColumn]) {
        self.columns = columns
    }

    /// The index of the first column with this name; in a file's schema others may have it too, see
    /// ``ParquetReader/columnIndex(of:)``.
    public func index(of name: String) -> Int? {
        columns.firstIndex { $0.name == name }
    }

    func check() throws(ParquetError) {
        if columns.isEmpty { throw .misuse("a Parquet file needs at least one column") }
        var names: Set<String> = []
        for column in columns {
            if let fault = column.fault { throw .misuse(fault) }
            if !names.insert(column.name).inserted {
                throw .misuse("two columns are named \(column.name); names must be unique")
            }
        }
    }
}
