/// Bybit's tickers, merged over their deltas: the texts of their members as the venue sent them.
struct BybitServedTickers: ServedTables {
    fileprivate struct Ticker {
        let symbol: String
        var members: [(key: String, value: String)] = []
        /// What follows the data.
        var end = ""
    }

    private var tickers: [Ticker] = []

    mutating func follow(_ frame: RawSpan) {
        guard let topic = FrameTopic.value(#""topic":"tickers."#, in: frame) else { return }
        let symbol = frame.extracting(topic).withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        let index = tickers.firstIndex { $0.symbol == symbol } ?? tickers.count
        if index == tickers.count { tickers.append(Ticker(symbol: symbol)) }
        tickers[index].merge(frame.withUnsafeBytes { String(decoding: $0, as: UTF8.self) })
    }

    func snapshot(of symbol: String) -> String? {
        guard let ticker = tickers.first(where: { $0.symbol == symbol }) else { return nil }
        let data = ticker.members.map { "\"\($0.key)\":\"\($0.value)\"" }.joined(separator: ",")
        return #"{"topic":"tickers.\#(symbol)","type":"snapshot","data":{\#(data)\#(ticker.end)"#
    }
}

extension BybitServedTickers.Ticker {
    /// The data is an object of texts without escapes; what follows it are numbers.
    fileprivate mutating func merge(_ text: String) {
        let parts = text.utf8.split(separator: 0x22, omittingEmptySubsequences: false).map {
            String($0) ?? ""
        }
        guard let data = parts.firstIndex(of: "data") else { return }
        if parts.contains("snapshot") { members = [] }
        var index = data + 2
        // In turn: a key, a colon, its value, a comma; the object ends where no comma follows.
        while index + 3 < parts.count, parts[index + 1] == ":" {
            set(parts[index], parts[index + 2])
            guard parts[index + 3] == "," else { break }
            index += 4
        }
        end = parts[min(index + 3, parts.count)...].joined(separator: "\"")
    }

    private mutating func set(_ key: String, _ value: String) {
        if let index = members.firstIndex(where: { $0.key == key }) {
            members[index].value = value
        } else {
            members.append((key, value))
        }
    }
}
