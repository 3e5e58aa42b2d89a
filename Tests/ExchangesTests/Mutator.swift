/// Changes frames at random: reordered and doubled members, white space, escapes, unknown keys, strange
/// numbers, truncation, broken UTF-8, single bytes.
struct Mutator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next(_ bound: Int) -> Int {
        // SplitMix64 (Steele, Lea, Flood 2014).
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return Int((mixed ^ (mixed >> 31)) % UInt64(max(1, bound)))
    }

    mutating func mutated(_ frame: [UInt8]) -> [UInt8] {
        var bytes = frame
        for _ in 0...next(3) { change(&bytes) }
        return bytes
    }

    private mutating func change(_ bytes: inout [UInt8]) {
        guard !bytes.isEmpty else { return }
        switch next(12) {
        case 0: bytes.removeLast(next(bytes.count))
        case 1: bytes[next(bytes.count)] = UInt8(next(256))
        case 2: bytes.remove(at: next(bytes.count))
        case 3: bytes.insert(UInt8(next(256)), at: next(bytes.count + 1))
        case 4: space(&bytes)
        case 5: escape(&bytes)
        case 6, 7: number(&bytes)
        case 8: member(&bytes)
        case 9: swap(&bytes)
        case 10: string(&bytes)
        default: double(&bytes)
        }
    }

    /// White space beside a punctuation mark.
    private mutating func space(_ bytes: inout [UInt8]) {
        guard let index = find(&bytes, where: { ":,[]{}".utf8.contains($0) }) else { return }
        let spaces: [UInt8] = [0x20, 0x0a, 0x0d, 0x09]
        bytes.insert(spaces[next(4)], at: index + next(2))
    }

    /// A letter or digit as `\u00xx`.
    private mutating func escape(_ bytes: inout [UInt8]) {
        guard let index = find(&bytes, where: { $0 >= 0x30 && $0 < 0x7b && $0 != 0x5b && $0 != 0x5d }) else {
            return
        }
        let digits = Array("0123456789abcdef".utf8)
        let byte = bytes[index]
        bytes.replaceSubrange(
            index...index,
            with: Array(#"\u00"#.utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        )
    }

    /// Another number in place of one.
    private mutating func number(_ bytes: inout [UInt8]) {
        guard let index = find(&bytes, where: { $0 &- 0x30 <= 9 }) else { return }
        var (start, end) = (index, index + 1)
        while start > 0, bytes[start - 1] &- 0x30 <= 9 || bytes[start - 1] == 0x2e { start -= 1 }
        while end < bytes.count, bytes[end] &- 0x30 <= 9 || bytes[end] == 0x2e { end += 1 }
        let numbers = [
            "0", "-0", "-1", "00", "01", "1.", ".5", "1.50", "0.00000000", "1e3", "1E-7", "1e400", "1e-400",
            "9223372036854775807", "9223372036854775808", "123456789", "12345678", "1234567.1234567",
            "12345678.12345678", "12345678.123456789", "1.12345678", "1.123456789", "1234567890123",
            "0123456789012", "12345678901234", "99999999999999", "1700000000000", "1e", "+1", "0x10", "",
            "123456789012345678", "1234567890123456789", "0.000000000000000001", "4294967295", "4294967296",
            "1.5.2", "1000000000000.00000000", "100000000000000000000.00", "1000000000000000000000e-9",
            "0e999", "18446744073709551616", "0.1234567890123456789", "79.99",
        ]
        bytes.replaceSubrange(start..<end, with: Array(numbers[next(numbers.count)].utf8))
    }

    /// A further member in an object.
    private mutating func member(_ bytes: inout [UInt8]) {
        guard let index = find(&bytes, where: { $0 == 0x7b }) else { return }
        let members = [
            #""x":{"y":[1,{"z":"]}"}]}"#, #""ts":1"#, #""s":"ETHUSDT""#, #""type":"delta""#, #""b":[]"#,
            #""u":5"#, #""symbol":"X""#, #""price":"1""#, #""":null"#, #""é":"ü\ud83d\ude00""#,
            #""qty":2"#, #""side":"bid""#, #""sequence_num":3"#, #""T":1700000000001"#, #""x":"\ud800""#,
        ]
        let isEmpty = index + 1 < bytes.count && bytes[index + 1] == 0x7d
        bytes.insert(
            contentsOf: Array((members[next(members.count)] + (isEmpty ? "" : ",")).utf8),
            at: index + 1
        )
    }

    /// Two parts between commas change places.
    private mutating func swap(_ bytes: inout [UInt8]) {
        let commas = bytes.indices.filter { bytes[$0] == 0x2c || bytes[$0] == 0x7b || bytes[$0] == 0x7d }
        guard commas.count >= 3 else { return }
        let index = next(commas.count - 2)
        let (first, second, third) = (commas[index], commas[index + 1], commas[index + 2])
        let left = Array(bytes[(first + 1)..<second])
        let right = Array(bytes[(second + 1)..<third])
        bytes.replaceSubrange((first + 1)..<third, with: right + [bytes[second]] + left)
    }

    /// Another text in the place of a string.
    private mutating func string(_ bytes: inout [UInt8]) {
        guard let index = find(&bytes, where: { $0 == 0x22 }),
            let end = bytes[(index + 1)...].firstIndex(of: 0x22)
        else { return }
        let strings: [[UInt8]] = [
            [], Array("bid".utf8), Array("Buy".utf8), Array("SELL".utf8), Array("snapshot".utf8),
            Array("update".utf8), Array("BTCUSDT".utf8), [0xff], [0xc3, 0x28], [0xe2, 0x82],
            [0xf0, 0x9f, 0x98, 0x80],
            [0x01], Array(#"\"\\\/\n"#.utf8), Array(#"\q"#.utf8), Array("orderbook.50.BTCUSDT".utf8),
            Array("2024-01-02T03:04:60.5Z".utf8), Array("2024-13-02T03:04:00Z".utf8),
            Array("2024-01-02T03:04:05+01:00".utf8), Array(String(repeating: "x", count: 70).utf8),
        ]
        bytes.replaceSubrange((index + 1)..<end, with: strings[next(strings.count)])
    }

    /// A stretch twice.
    private mutating func double(_ bytes: inout [UInt8]) {
        let start = next(bytes.count)
        let end = min(bytes.count, start + 1 + next(60))
        bytes.insert(contentsOf: Array(bytes[start..<end]), at: end)
    }

    private mutating func find(_ bytes: inout [UInt8], where isWanted: (UInt8) -> Bool) -> Int? {
        let start = next(bytes.count)
        return bytes[start...].firstIndex(where: isWanted) ?? bytes[..<start].firstIndex(where: isWanted)
    }
}
