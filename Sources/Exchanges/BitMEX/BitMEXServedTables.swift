import MarketModel

/// BitMEX's tables as their messages have made them: the texts of each row's members, as the venue sent them.
struct BitMEXServedTables: ServedTables {
    fileprivate struct Row {
        let key: String
        var members: [(name: String, value: String)]
    }

    fileprivate struct Table {
        /// What stands before the rows of its partial.
        let head: String
        var rows: [Row] = []
        /// Where the row of a key stands.
        var places: [String: Int] = [:]
    }

    /// By their topics.
    private var tables: [String: Table] = [:]

    mutating func follow(_ frame: RawSpan) {
        let root = JSONValue.root(of: frame)
        let name = root.text("table", in: frame)
        guard name == BitMEXTable.book.rawValue || name == BitMEXTable.instruments.rawValue,
            let action = BitMEXAction(rawValue: root.text("action", in: frame)),
            let data = root.member("data", in: frame)
        else { return }
        if action == .partial, let filter = root.member("filter", in: frame) {
            let head = Self.text(0..<data.start, of: frame)
            tables["\(name):\(filter.text("symbol", in: frame))"] = Table(head: head)
        }
        var rows = data.elements(in: frame)
        while let row = rows.next(in: frame) {
            var members: [(name: String, value: String)] = []
            var rest = row.members(in: frame)
            while let (key, value) = rest.next(in: frame) {
                members.append((key.string(in: frame) ?? "", Self.text(value.start..<value.end, of: frame)))
            }
            let key = ["id", "side"].map { name in members.first { $0.name == name }?.value ?? "" }
            let topic = "\(name):\(row.text("symbol", in: frame))"
            tables[topic]?.take(Row(key: key.joined(separator: " "), members: members), action)
        }
    }

    mutating func loseBooks(of symbol: String?) {
        let book = "\(BitMEXTable.book.rawValue):"
        if let symbol {
            tables[book + symbol] = nil
        } else {
            tables = tables.filter { !$0.key.hasPrefix(book) }
        }
    }

    func snapshot(of name: String) -> String? {
        guard let table = tables[name] else { return nil }
        let rows = table.rows.map { row in
            "{\(row.members.map { "\"\($0.name)\":\($0.value)" }.joined(separator: ","))}"
        }
        return "\(table.head)[\(rows.joined(separator: ","))]}"
    }

    private static func text(_ range: Range<Int>, of frame: RawSpan) -> String {
        frame.extracting(range).withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }
}

extension BitMEXServedTables.Table {
    fileprivate mutating func take(_ row: BitMEXServedTables.Row, _ action: BitMEXAction) {
        guard let place = places[row.key] else {
            guard action != .delete else { return }
            places[row.key] = rows.count
            return rows.append(row)
        }
        if action == .delete {
            rows.swapAt(place, rows.count - 1)
            places[rows[place].key] = place
            places[row.key] = nil
            rows.removeLast()
            return
        }
        for member in row.members {
            if let index = rows[place].members.firstIndex(where: { $0.name == member.name }) {
                rows[place].members[index].value = member.value
            } else {
                rows[place].members.append(member)
            }
        }
    }
}
