import MarketModel

/// A table for a terminal: the first column left-aligned, the others right-aligned; cells are escaped.
struct TextTable {
    let header: [String]
    let rows: [[String]]

    var text: String {
        let all = ([header] + rows).map { $0.map(PrintableText.escaped) }
        let widths = header.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                line += column == 0 ? cell + padding : "  " + padding + cell
            }
            return line
        }
        .joined(separator: "\n")
    }
}
