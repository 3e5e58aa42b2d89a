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
            memory = [UInt8](repeating: 0, count: LevelDigits.memory + 2 * SideText.memory)
        }
        let (asks, bids) = (min(book.askCount, levels), min(book.bidCount, levels))
        if book.mayLackZeros, let checksum = withZeros(book, asks, bids) { return checksum }
        return memory.withUnsafeMutableBytes { memory in
            let digits = LevelDigits(memory: .init(rebasing: memory[..<LevelDigits.memory]))
            var text = SideText(memory, at: LevelDigits.memory)
            // The checksum of the asks' text is remembered with it.
            if !text.isOf(asks, { book.ask(at: $0) }) {
                text.write(asks, digits) { book.ask(at: $0) }
                text.checksum = text.continued(0)
            }
            let first = text.checksum
            text = SideText(memory, at: LevelDigits.memory + SideText.memory)
            if !text.isOf(bids, { book.bid(at: $0) }) { text.write(bids, digits) { book.bid(at: $0) } }
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
    static let memory = text + KrakenChecksum.levels * 40 + LevelDigits.room

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
    func write(_ count: Int, _ digits: LevelDigits, _ level: (Int) -> PriceLevel) {
        var end = SideText.text
        for index in 0..<count {
            let level = level(index)
            let (price, size) = (level.price.mantissa, level.size.mantissa)
            let start = SideText.numbers &+ 16 &* index
            memory.storeBytes(of: price, toByteOffset: start, as: Int64.self)
            memory.storeBytes(of: size, toByteOffset: start &+ 8, as: Int64.self)
            end &+= digits.copy(price, size, to: memory, at: end)
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

/// The digits of levels seen lately.
///
/// The memory is 64 sets of two slots of 64 bytes: mantissas of price and size, the digits, and how many they
/// are. Slots of zeros are right too: zero has no digits.
private struct LevelDigits {
    private static let slot = 64
    private static let sets: UInt64 = 64
    /// The digits of a level, in whole words.
    static let room = 40
    static let memory = 2 * slot * Int(sets)

    private let memory: UnsafeMutableRawBufferPointer

    init(memory: UnsafeMutableRawBufferPointer) {
        precondition(memory.count == LevelDigits.memory)
        self.memory = memory
    }

    /// Writes ``room`` bytes that begin with a level's digits; returns how many digits they are.
    @inline(__always)
    func copy(_ price: Int64, _ size: Int64, to text: UnsafeMutableRawBufferPointer, at start: Int) -> Int {
        let mixed = UInt64(bitPattern: price) &* 0x9e37_79b9_7f4a_7c15
        let first = Int(truncatingIfNeeded: mixed &>> 58) &* (2 &* LevelDigits.slot)
        var slot = first
        if !holds(first, price, size) {
            slot = first &+ LevelDigits.slot
            if !holds(slot, price, size) {
                learn(price, size, first)
                slot = first
            }
        }
        for word in 0..<5 {
            let digits = memory.load(fromByteOffset: slot &+ 16 &+ 8 &* word, as: UInt64.self)
            text.storeBytes(of: digits, toByteOffset: start &+ 8 &* word, as: UInt64.self)
        }
        return memory.load(fromByteOffset: slot &+ 56, as: Int.self)
    }

    @inline(__always)
    private func holds(_ slot: Int, _ price: Int64, _ size: Int64) -> Bool {
        memory.load(fromByteOffset: slot, as: Int64.self) == price
            && memory.load(fromByteOffset: slot &+ 8, as: Int64.self) == size
    }

    /// Writes a level into the first slot of its set; the level there moves to the second, unless it is the
    /// same price at another size, which is gone.
    @inline(never)
    private func learn(_ price: Int64, _ size: Int64, _ first: Int) {
        let second = first + LevelDigits.slot
        if memory.load(fromByteOffset: first, as: Int64.self) != price {
            for offset in stride(from: 0, to: LevelDigits.slot, by: 8) {
                let word = memory.load(fromByteOffset: first + offset, as: UInt64.self)
                memory.storeBytes(of: word, toByteOffset: second + offset, as: UInt64.self)
            }
        }
        memory.storeBytes(of: price, toByteOffset: first, as: Int64.self)
        memory.storeBytes(of: size, toByteOffset: first + 8, as: Int64.self)
        let start = first + 16
        let middle = write(price.magnitude, at: start)
        memory.storeBytes(
            of: write(size.magnitude, at: middle) - start,
            toByteOffset: first + 56,
            as: Int.self
        )
    }

    /// Writes the digits of a number, none for zero; returns where they end.
    ///
    /// Eight digits at a time, so that up to seven bytes behind them are overwritten too: at most nineteen
    /// digits of each of two numbers leave that room before the count.
    private func write(_ number: UInt64, at start: Int) -> Int {
        let (high, low) = number.quotientAndRemainder(dividingBy: 100_000_000)
        guard high > 0 else { return writeWord(low, at: start) }
        let middle = write(high, at: start)
        store(FastDigits.digits(of: low), at: middle)
        return middle + 8
    }

    /// Writes the digits of a number of at most eight, without leading zeros.
    private func writeWord(_ number: UInt64, at start: Int) -> Int {
        let digits = FastDigits.digits(of: number)
        let zeros = digits.trailingZeroBitCount >> 3
        guard zeros < 8 else { return start }
        store(digits >> UInt64(8 * zeros), at: start)
        return start + 8 - zeros
    }

    private func store(_ digits: UInt64, at index: Int) {
        memory.storeBytes(of: digits | FastDigits.zeros, toByteOffset: index, as: UInt64.self)
    }
}
