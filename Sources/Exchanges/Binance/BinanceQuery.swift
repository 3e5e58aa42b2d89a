/// What the path of a request asks for, such as `/api/v3/depth?symbol=BTCUSDT&limit=5000`.
struct BinanceQuery {
    /// The symbol as payloads spell it; nil if the path names none.
    private(set) var symbol: [UInt8]?
    /// The most levels a side; nil if the path names none.
    private(set) var limit: Int?

    init(_ path: String) {
        guard let start = path.firstIndex(of: "?") else { return }
        for part in path[path.index(after: start)...].split(separator: "&") {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2 else { continue }
            if pair[0] == "symbol" { symbol = BinanceQuery.decoded(pair[1]).map(BinanceStream.upper) }
            if pair[0] == "limit" { limit = Int(pair[1]) }
        }
    }

    /// The bytes of a value in a query, without percent signs.
    private static func decoded(_ value: Substring) -> [UInt8] {
        var (bytes, rest) = ([UInt8](), Substring(value).utf8[...])
        while let byte = rest.popFirst() {
            if byte == 0x25, rest.count >= 2, let code = UInt8(String(Substring(rest.prefix(2))), radix: 16) {
                bytes.append(code)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return bytes
    }
}
