import MarketModel

/// The instrument of a row: from its columns, or from the folders of the Hive layout.
struct IdentityReader {
    private let exchange: String?
    private let market: Market?
    private let symbol: String?
    let path: String

    /// Reads `exchange=…/market=…/symbol=…` from a path.
    init(path: String) throws(MarketFileError) {
        self.path = path
        let folders = path.split(separator: "/").map(String.init)
        exchange = IdentityReader.value("exchange", folders)
        symbol = IdentityReader.value("symbol", folders)
        if let name = IdentityReader.value("market", folders) {
            guard let market = Market(rawValue: name), market != .multi else {
                throw .folder(
                    path: path,
                    found: "market=\(name)",
                    expected: "spot, linear, inverse or option"
                )
            }
            self.market = market
        } else {
            market = nil
        }
    }

    /// Whether the folders name everything, so that the columns need not.
    var isComplete: Bool { exchange != nil && market != nil && symbol != nil }

    private static func value(_ key: String, _ folders: [String]) -> String? {
        folders.last { $0.hasPrefix(key + "=") }.map { decoded($0.dropFirst(key.count + 1)) }
    }

    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.first {
            let digits = rest.dropFirst().prefix(2)
            if byte == 0x25, digits.count == 2,
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
                rest = rest.dropFirst()
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    func instrument(_ table: RowTable, _ row: Int) throws(MarketFileError) -> Instrument {
        guard table.hasColumn("exchange") else {
            return Instrument(exchange: exchange ?? "", market: market ?? .spot, symbol: symbol ?? "")
        }
        let markets = Market.allCases.filter { $0 != .multi }
        let market = try table.choice("market", at: row, of: markets.map { ($0.rawValue, $0) })
        guard let exchange = table.text("exchange", at: row), !exchange.isEmpty else {
            throw table.bad(row, "exchange", found: "null or empty", expected: "a name")
        }
        guard let symbol = table.text("symbol", at: row), !symbol.isEmpty else {
            throw table.bad(row, "symbol", found: "null or empty", expected: "a symbol")
        }
        return Instrument(exchange: exchange, market: market, symbol: symbol)
    }
}
