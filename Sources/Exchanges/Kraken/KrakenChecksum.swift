import ByteCoding
import MarketModel
import OrderBooks

/// Kraken's proof of a book: CRC-32 over the digits of its ten best asks, then its ten best bids.
///
/// Of each level price then size as sent, without the point and leading zeros: the digits of the mantissas.
/// A message mostly changes a level or two of one side, so the text of the other side and the digits of the
/// other levels are remembered.
enum KrakenChecksum {
    /// Levels a side that count, however deep the book.
    static let levels = 10

    static func of(_ book: borrowing OrderBook, _ memory: inout [UInt8]) -> UInt32 {
        if memory.isEmpty {
            memory = [UInt8](repeating: 0, count: LevelTexts.memory + 2 * SideText.memory)
        }
        let (asks, bids) = (min(book.askCount, levels), min(book.bidCount, levels))
        if book.mayLackZeros, let checksum = withZeros(book, asks, bids) { return checksum }
        return memory.withUnsafeMutableBytes { memory in
            let texts = LevelTexts(.digits, memory: .init(rebasing: memory[..<LevelTexts.memory]))
            var text = SideText(memory, at: LevelTexts.memory)
            // The checksum of the asks' text is remembered with it.
            if !text.isOf(asks, { book.ask(at: $0) }) {
                text.write(asks, texts) { book.ask(at: $0) }
                text.checksum = text.continued(0)
            }
            let first = text.checksum
            text = SideText(memory, at: LevelTexts.memory + SideText.memory)
            if !text.isOf(bids, { book.bid(at: $0) }) { text.write(bids, texts) { book.bid(at: $0) } }
            return text.continued(first)
        }
    }

    /// The checksum where a number has more digits than its mantissa; nil if none has.
    @inline(never)
    private static func withZeros(_ book: borrowing OrderBook, _ asks: Int, _ bids: Int) -> UInt32? {
        var text: [UInt8] = []
        var zeros: UInt32 = 0
        for index in 0..<(asks + bids) {
            let level = index < asks ? book.ask(at: index) : book.bid(at: index - asks)
            zeros |= level.digits >> 16
            for number in [level.price, level.size] where number.mantissa > 0 {
                text +=
                    Array(String(number.mantissa).utf8) + [UInt8](repeating: 0x30, count: Int(number.zeros))
            }
        }
        guard zeros > 0 else { return nil }
        var checksum = CRC32(0)
        checksum.update(text.span.bytes)
        return checksum.value
    }
}

/// The digits of a side's best levels one after the other, and the levels they are of.
///
/// Memory of zeros is the text of no levels.
private struct SideText {
    /// Where each part begins: how many levels, how long the text, its checksum; mantissas of price and size
    /// of each level; the text.
    private static let numbers = 24
    private static let text = numbers + KrakenChecksum.levels * 16
    /// Levels of two numbers of at most nineteen digits, and room for a whole level's words behind.
    static let memory = text + KrakenChecksum.levels * 40 + LevelTexts.room

    private let memory: UnsafeMutableRawBufferPointer

    init(_ memory: UnsafeMutableRawBufferPointer, at start: Int) {
        self.memory = UnsafeMutableRawBufferPointer(rebasing: memory[start..<(start + SideText.memory)])
    }

    /// The CRC-32 of the text alone.
    var checksum: UInt32 {
        get { memory.load(fromByteOffset: 16, as: UInt32.self) }
        nonmutating set { memory.storeBytes(of: newValue, toByteOffset: 16, as: UInt32.self) }
    }

    /// Whether the text is that of so many levels.
    @inline(__always)
    func isOf(_ count: Int, _ level: (Int) -> PriceLevel) -> Bool {
        guard memory.load(as: Int.self) == count else { return false }
        var difference: Int64 = 0
        for index in 0..<count {
            let level = level(index)
            let start = SideText.numbers &+ 16 &* index
            difference |= memory.load(fromByteOffset: start, as: Int64.self) ^ level.price.mantissa
            difference |= memory.load(fromByteOffset: start &+ 8, as: Int64.self) ^ level.size.mantissa
        }
        return difference == 0
    }

    /// Writes the text of so many levels.
    @inline(__always)
    func write(_ count: Int, _ texts: LevelTexts, _ level: (Int) -> PriceLevel) {
        var end = SideText.text
        for index in 0..<count {
            let level = level(index)
            let (price, size) = (level.price.mantissa, level.size.mantissa)
            let start = SideText.numbers &+ 16 &* index
            memory.storeBytes(of: price, toByteOffset: start, as: Int64.self)
            memory.storeBytes(of: size, toByteOffset: start &+ 8, as: Int64.self)
            end &+= texts.copy(PriceLevel(price: price, size: size, digits: 0), to: memory, at: end)
        }
        memory.storeBytes(of: count, as: Int.self)
        memory.storeBytes(of: end &- SideText.text, toByteOffset: 8, as: Int.self)
    }

    /// The CRC-32 of what came before and the text.
    @inline(__always)
    func continued(_ before: UInt32) -> UInt32 {
        let length = memory.load(fromByteOffset: 8, as: Int.self)
        let text = UnsafeRawBufferPointer(rebasing: memory[SideText.text..<(SideText.text + length)])
        var checksum = CRC32(before)
        checksum.update(text.bytes)
        return checksum.value
    }
}
