import ByteCoding
import MarketModel
import OrderBooks

/// A proof of a book: CRC-32 over the texts of its 25 best levels a side, as sent.
///
/// In turn the best bid and ask, the next of each and so on, price and size of each with colons between; where a side has
/// no further level the other's alone. Messages mostly change deeper levels, so the checksum is remembered with the
/// levels it is of.
enum AlternatingChecksum {
    /// How a venue writes numbers.
    enum Form {
        /// As digits, on both sides.
        case plain
        /// As JavaScript does, with an exponent below a millionth; the sizes of asks with a minus.
        case signed
    }

    /// Levels a side that count.
    static let levels = 25

    /// Where each part of the memory begins: whether there is a checksum, and it; the levels; texts of levels; the whole text.
    private static let keys = 8
    private static let texts = keys + 2 * levels * 24
    private static let written = texts + LevelTexts.memory
    private static let memory = written + (2 * levels + 1) * LevelTexts.room

    static func of(_ book: borrowing OrderBook, _ form: Form, _ memory: inout [UInt8]) -> UInt32 {
        if memory.isEmpty { memory = [UInt8](repeating: 0, count: AlternatingChecksum.memory) }
        let (bids, asks) = (min(book.bidCount, levels), min(book.askCount, levels))
        return memory.withUnsafeMutableBytes { memory in
            var (isSame, isShort) = (memory.load(as: UInt32.self) == 1, true)
            for index in 0..<(2 * levels) {
                let place = index >> 1
                let isThere = index & 1 == 0 ? place < bids : place < asks
                let none = PriceLevel(price: 0, size: 0, digits: 0)
                var level = !isThere ? none : index & 1 == 0 ? book.bid(at: place) : book.ask(at: place)
                if form == .signed {
                    isShort = isShort && !isTiny(level.price) && !isTiny(level.size)
                    if index & 1 == 1 { level = negated(level) }
                }
                isShort = isShort && LevelTexts.canHold(level)
                let start = keys + 24 * index
                isSame =
                    isSame && memory.load(fromByteOffset: start, as: Int64.self) == level.price.mantissa
                    && memory.load(fromByteOffset: start + 8, as: Int64.self) == level.size.mantissa
                    && memory.load(fromByteOffset: start + 16, as: UInt32.self) == level.digits
                memory.storeBytes(of: level.price.mantissa, toByteOffset: start, as: Int64.self)
                memory.storeBytes(of: level.size.mantissa, toByteOffset: start + 8, as: Int64.self)
                memory.storeBytes(of: level.digits, toByteOffset: start + 16, as: UInt32.self)
            }
            if isSame { return memory.load(fromByteOffset: 4, as: UInt32.self) }
            let checksum = isShort ? ofShort(memory) : ofLong(memory, form)
            memory.storeBytes(of: 1, as: UInt32.self)
            memory.storeBytes(of: checksum, toByteOffset: 4, as: UInt32.self)
            return checksum
        }
    }

    /// The checksum of levels, best first, without a book.
    static func of(_ bids: [PriceLevel], _ asks: [PriceLevel], _ form: Form) -> UInt32 {
        var found: [PriceLevel] = []
        for place in 0..<levels {
            if place < bids.count { found.append(bids[place]) }
            if place < asks.count { found.append(form == .signed ? negated(asks[place]) : asks[place]) }
        }
        return ofTexts(found, form)
    }

    /// A level of the memory; nil where a side has no such level.
    private static func level(_ index: Int, _ memory: UnsafeMutableRawBufferPointer) -> PriceLevel? {
        let start = keys + 24 * index
        let price = memory.load(fromByteOffset: start, as: Int64.self)
        guard price != 0 else { return nil }
        return PriceLevel(
            price: price,
            size: memory.load(fromByteOffset: start + 8, as: Int64.self),
            digits: memory.load(fromByteOffset: start + 16, as: UInt32.self)
        )
    }

    private static func ofShort(_ memory: UnsafeMutableRawBufferPointer) -> UInt32 {
        let known = LevelTexts(.numbers, memory: .init(rebasing: memory[texts..<written]))
        var end = written
        for index in 0..<(2 * levels) {
            if let level = level(index, memory) { end += known.copy(level, to: memory, at: end) }
        }
        // Without the last colon.
        let text = UnsafeRawBufferPointer(rebasing: memory[written..<max(written, end - 1)])
        return CRC32.checksum(text.bytes)
    }

    /// Of numbers with more digits than are usual.
    @inline(never)
    private static func ofLong(_ memory: UnsafeMutableRawBufferPointer, _ form: Form) -> UInt32 {
        ofTexts((0..<(2 * levels)).compactMap { level($0, memory) }, form)
    }

    private static func ofTexts(_ levels: [PriceLevel], _ form: Form) -> UInt32 {
        let texts = levels.flatMap { [text($0.price, form), text($0.size, form)] }
        let joined = texts.joined(separator: ":")
        return joined.withBytes { CRC32.checksum($0) }
    }

    private static func negated(_ level: PriceLevel) -> PriceLevel {
        PriceLevel(price: level.price.mantissa, size: 0 &- level.size.mantissa, digits: level.digits)
    }

    /// Whether a number is not zero and less than a millionth.
    private static func isTiny(_ number: FixedDecimal) -> Bool {
        guard number.scale > 6 else { return false }
        let unit = number.scale > 24 ? UInt64.max : UInt64(PowersOfTen.int64(Int(number.scale) - 6))
        return 1..<unit ~= number.mantissa.magnitude
    }

    private static func text(_ number: FixedDecimal, _ form: Form) -> String {
        guard form == .signed, isTiny(number) else { return number.description }
        var digits = String(number.mantissa.magnitude)
        let exponent = Int(number.scale) - (digits.count - 1)
        while digits.hasSuffix("0") { digits.removeLast() }
        if digits.count > 1 { digits.insert(".", at: digits.index(after: digits.startIndex)) }
        return "\(number.isNegative ? "-" : "")\(digits)e-\(exponent)"
    }
}
