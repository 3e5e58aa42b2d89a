import MarketModel

/// The texts of levels seen lately, as checksums of books are made of.
///
/// The memory is 64 sets of two slots of 64 bytes: mantissas of price and size, the text, how long it is, and the
/// digits that tell how it is written. Slots of zeros are right too: a level of zeros has no digits.
struct LevelTexts {
    /// How a level is written.
    enum Form {
        /// The digits of price and size without point and leading zeros, whose level has `digits` 0.
        case digits
        /// Price and size as the venue sent them, a colon behind each; the size may be negative.
        case numbers
    }

    private static let slot = 64
    private static let sets: UInt64 = 64
    /// The text of a level, in whole words.
    static let room = 40
    static let memory = 2 * slot * Int(sets)

    private let form: Form
    private let memory: UnsafeMutableRawBufferPointer

    init(_ form: Form, memory: UnsafeMutableRawBufferPointer) {
        precondition(memory.count == LevelTexts.memory)
        (self.form, self.memory) = (form, memory)
    }

    /// Whether ``room`` holds the text of a level, whatever its digits are.
    @inline(__always)
    static func canHold(_ level: PriceLevel) -> Bool {
        // Nineteen bytes a number with its colon: sixteen digits behind the point, or seventeen in all.
        level.digits & 0xffff_0000 == 0 && level.digits & 0xff <= 16 && level.digits >> 8 <= 16
            && level.price.mantissa.magnitude < 100_000_000_000_000_000
            && level.size.mantissa.magnitude < 100_000_000_000_000_000
    }

    /// Writes ``room`` bytes that begin with a level's text; returns how long that is.
    @inline(__always)
    func copy(_ level: PriceLevel, to text: UnsafeMutableRawBufferPointer, at start: Int) -> Int {
        let mixed = UInt64(bitPattern: level.price.mantissa) &* 0x9e37_79b9_7f4a_7c15
        let first = Int(truncatingIfNeeded: mixed &>> 58) &* (2 &* LevelTexts.slot)
        var slot = first
        if !holds(first, level) {
            slot = first &+ LevelTexts.slot
            if !holds(slot, level) {
                learn(level, first)
                slot = first
            }
        }
        for word in 0..<5 {
            let digits = memory.load(fromByteOffset: slot &+ 16 &+ 8 &* word, as: UInt64.self)
            text.storeBytes(of: digits, toByteOffset: start &+ 8 &* word, as: UInt64.self)
        }
        return Int(memory.load(fromByteOffset: slot &+ 56, as: UInt32.self))
    }

    @inline(__always)
    private func holds(_ slot: Int, _ level: PriceLevel) -> Bool {
        memory.load(fromByteOffset: slot, as: Int64.self) == level.price.mantissa
            && memory.load(fromByteOffset: slot &+ 8, as: Int64.self) == level.size.mantissa
            && memory.load(fromByteOffset: slot &+ 60, as: UInt32.self) == level.digits
    }

    /// Writes a level into the first slot of its set; the level there moves to the second, unless it is the
    /// same price at another size, which is gone.
    @inline(never)
    private func learn(_ level: PriceLevel, _ first: Int) {
        let second = first + LevelTexts.slot
        let (price, size) = (level.price.mantissa, level.size.mantissa)
        if memory.load(fromByteOffset: first, as: Int64.self) != price {
            for offset in stride(from: 0, to: LevelTexts.slot, by: 8) {
                let word = memory.load(fromByteOffset: first + offset, as: UInt64.self)
                memory.storeBytes(of: word, toByteOffset: second + offset, as: UInt64.self)
            }
        }
        memory.storeBytes(of: price, toByteOffset: first, as: Int64.self)
        memory.storeBytes(of: size, toByteOffset: first + 8, as: Int64.self)
        let start = first + 16
        let end: Int
        switch form {
        case .digits: end = write(size.magnitude, at: write(price.magnitude, at: start))
        case .numbers: end = write(level.size, at: write(level.price, at: start))
        }
        memory.storeBytes(of: UInt32(end - start), toByteOffset: first + 56, as: UInt32.self)
        memory.storeBytes(of: level.digits, toByteOffset: first + 60, as: UInt32.self)
    }

    // MARK: - Numbers

    /// Writes a number of at most sixteen digits behind the point, and a colon; returns where that ends.
    ///
    /// One of the two numbers of a level may be negative: a byte of the room is left for its minus.
    private func write(_ number: FixedDecimal, at start: Int) -> Int {
        let unit = UInt64(PowersOfTen.int64(Int(number.scale)))
        let (whole, fraction) = number.mantissa.magnitude.quotientAndRemainder(dividingBy: unit)
        if number.isNegative { memory[start] = 0x2d }
        let first = number.isNegative ? start + 1 : start
        var end = write(whole, at: first)
        if end == first {
            memory[end] = 0x30
            end += 1
        }
        if number.scale > 0 {
            memory[end] = 0x2e
            let scale = Int(number.scale)
            let (high, low) = fraction.quotientAndRemainder(dividingBy: 100_000_000)
            if scale > 8 { writeLast(scale - 8, of: high, at: end + 1) }
            writeLast(min(scale, 8), of: low, at: end + 1 + max(scale - 8, 0))
            end += 1 + scale
        }
        memory[end] = 0x3a
        return end + 1
    }

    /// Writes the last digits of a number of at most eight, zeros in front included.
    private func writeLast(_ count: Int, of number: UInt64, at start: Int) {
        store(FastDigits.digits(of: number) >> UInt64(64 - 8 * count), at: start)
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
