/// The fields of a Bybit ticker, merged over its deltas: text as the venue sent it.
struct TickerState {
    let symbol: String
    private var fields: [(key: String, value: String)] = []
    private var tail = ""

    private init(symbol: String) { self.symbol = symbol }

    /// Takes note of a frame, if it is a ticker's.
    static func follow(_ frame: RawSpan, _ states: inout [TickerState]) {
        guard let topic = FrameTopic.value(#""topic":"tickers."#, in: frame) else { return }
        let symbol = frame.extracting(topic).withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        let index: Int
        if let found = states.firstIndex(where: { $0.symbol == symbol }) {
            index = found
        } else {
            index = states.count
            states.append(TickerState(symbol: symbol))
        }
        states[index].take(frame.withUnsafeBytes { String(decoding: $0, as: UTF8.self) })
    }

    /// The data is an object of texts without escapes; what follows it are numbers.
    private mutating func take(_ text: String) {
        let parts = text.utf8.split(separator: 0x22, omittingEmptySubsequences: false).map {
            String($0) ?? ""
        }
        guard let data = parts.firstIndex(of: "data") else { return }
        if parts.contains("snapshot") { fields = [] }
        var index = data + 2
        // In turn: a key, a colon, its value, a comma; the object ends where no comma follows.
        while index + 3 < parts.count, parts[index + 1] == ":" {
            set(parts[index], parts[index + 2])
            guard parts[index + 3] == "," else { break }
            index += 4
        }
        tail = parts[min(index + 3, parts.count)...].joined(separator: "\"")
    }

    private mutating func set(_ key: String, _ value: String) {
        if let index = fields.firstIndex(where: { $0.key == key }) {
            fields[index].value = value
        } else {
            fields.append((key, value))
        }
    }

    /// The ticker as a snapshot.
    var snapshot: String {
        let data = fields.map { "\"\($0.key)\":\"\($0.value)\"" }.joined(separator: ",")
        return #"{"topic":"tickers.\#(symbol)","type":"snapshot","data":{\#(data)\#(tail)"#
    }
}
