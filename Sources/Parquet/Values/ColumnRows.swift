/// The rows of one column as given to the writer.
public enum ColumnRows: Sendable, Equatable {
    /// A value a row.
    case each(ColumnVector)
    /// A value a run of rows.
    case runs(ColumnRuns)

    /// How many rows there are.
    public var count: Int {
        switch self {
        case .each(let vector): vector.count
        case .runs(let runs): runs.count
        }
    }

    /// Adds rows of the same type; runs stay runs as long as only runs are added.
    mutating func append(_ more: ColumnRows) {
        switch (consume self, more) {
        case (.each(var vector), .each(let added)):
            _ = vector.append(contentsOf: added)
            self = .each(vector)
        case (.each(var vector), .runs(let added)):
            _ = vector.append(contentsOf: added.expanded())
            self = .each(vector)
        case (.runs(var runs), .runs(let added)):
            let shift = runs.count
            _ = runs.values.append(contentsOf: added.values)
            runs.ends.append(contentsOf: added.ends.lazy.map { $0 + shift })
            self = .runs(runs)
        case (.runs(let runs), .each(let added)):
            var vector = runs.expanded()
            _ = vector.append(contentsOf: added)
            self = .each(vector)
        }
    }
}
