import ByteCoding
import MarketModel
import OrderBooks

/// Kraken's proof of a book: CRC-32 over the digits of its ten best asks, then its ten best bids.
///
/// Of each level price then size as sent, without the point and leading zeros: the digits of the mantissas.
/// A message changes few of the twenty levels, so the digits of the others are remembered.
enum KrakenChecksum {
    /// Levels a side that count, however deep the book.
    static let levels = 10
    /// Twenty levels of two numbers of at most nineteen digits, and room for a whole text behind.
    private static let longestText = 2 * levels * 38 + LevelDigits.room

    static func of(_ book: borrowing OrderBook, _ memory: inout [UInt8]) -> UInt32 {
        if memory.isEmpty { memory = [UInt8](repeating: 0, count: LevelDigits.memory) }
        let (asks, bids) = (min(book.askCount, levels), min(book.bidCount, levels))
        return memory.withUnsafeMutableBytes { memory in
            withUnsafeTemporaryAllocation(byteCount: longestText, alignment: 8) { text in
                var digits = LevelDigits(memory: memory, text: text)
                for place in 0..<asks { digits.append(book.ask(at: place)) }
                for place in 0..<bids { digits.append(book.bid(at: place)) }
                return CRC32.checksum(UnsafeRawBufferPointer(rebasing: text[..<digits.end]).bytes)
            }
        }
    }
}

/// Writes levels' digits one after the other; those of levels seen lately are copied from a memory.
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
    private let text: UnsafeMutableRawBufferPointer
    /// Where the text ends.
    private(set) var end = 0

    init(memory: UnsafeMutableRawBufferPointer, text: UnsafeMutableRawBufferPointer) {
        precondition(memory.count == LevelDigits.memory)
        self.memory = memory
        self.text = text
    }

    @inline(__always)
    mutating func append(_ level: PriceLevel) {
        let (price, size) = (level.price.mantissa, level.size.mantissa)
        let mixed = UInt64(bitPattern: price) &* 0x9e37_79b9_7f4a_7c15
        let first = Int(truncatingIfNeeded: mixed &>> 58) &* (2 &* LevelDigits.slot)
        if holds(first, price, size) { return take(first) }
        let second = first &+ LevelDigits.slot
        if holds(second, price, size) { return take(second) }
        learn(price, size, first)
        take(first)
    }

    @inline(__always)
    private func holds(_ slot: Int, _ price: Int64, _ size: Int64) -> Bool {
        memory.load(fromByteOffset: slot, as: Int64.self) == price
            && memory.load(fromByteOffset: slot &+ 8, as: Int64.self) == size
    }

    /// Copies a slot's digits behind the text: all forty bytes, of which the next level's overwrite the rest.
    @inline(__always)
    private mutating func take(_ slot: Int) {
        for word in 0..<5 {
            let digits = memory.load(fromByteOffset: slot &+ 16 &+ 8 &* word, as: UInt64.self)
            text.storeBytes(of: digits, toByteOffset: end &+ 8 &* word, as: UInt64.self)
        }
        end &+= memory.load(fromByteOffset: slot &+ 56, as: Int.self)
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
        let middle = write(price, at: start)
        memory.storeBytes(of: write(size, at: middle) - start, toByteOffset: first + 56, as: Int.self)
    }

    /// Writes the digits of a mantissa, none for zero; returns where they end.
    private func write(_ mantissa: Int64, at start: Int) -> Int {
        var rest = mantissa.magnitude
        var count = 0
        var power: UInt64 = 1
        // At most nineteen digits: Int64.max has nineteen, and prices and sizes are not negative.
        while count < 19, rest >= power {
            count += 1
            power = power &* 10
        }
        var place = start + count
        while place > start {
            place -= 1
            memory[place] = UInt8(truncatingIfNeeded: 0x30 + rest % 10)
            rest /= 10
        }
        return start + count
    }
}
