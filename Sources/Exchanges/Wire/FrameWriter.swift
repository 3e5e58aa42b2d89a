public import MarketModel

/// JSON text being written: reused memory, numbers made from integers.
public struct FrameWriter: Sendable {
    /// The text, and room behind it.
    public private(set) var storage: [UInt8]
    /// The bytes of the text.
    public private(set) var count = 0
    /// The day, counted from the epoch, that `date` spells.
    private var day = Int64.min
    private var date = ""

    /// An empty text with room for `capacity` bytes at first.
    public init(capacity: Int = 64 << 10) { storage = [UInt8](repeating: 0, count: capacity) }

    /// The text as a string.
    public var string: String { String(decoding: storage[..<count], as: UTF8.self) }

    /// Forgets the text, keeps the memory.
    public mutating func removeAll() { count = 0 }

    private mutating func reserve(_ size: Int) {
        guard count + size > storage.count else { return }
        storage.append(contentsOf: repeatElement(0, count: max(size, storage.count)))
    }

    /// Text as it is: whoever hands it on escapes what JSON wants escaped.
    public mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { source in
            let size = source.count
            reserve(size)
            storage.withUnsafeMutableBytes { room in
                guard let base = source.baseAddress else { return }
                // Safe: `reserve` made room for `size` bytes behind `count`.
                room.baseAddress?.advanced(by: count).copyMemory(from: base, byteCount: size)
            }
            count += size
        }
    }

    /// A decimal with the digits it has, zeros at its end included.
    public mutating func append(_ number: FixedDecimal) {
        guard number.zeros == 0 else { return append(number.description) }
        append(number.mantissa, decimals: Int(number.scale))
    }

    /// A whole number.
    public mutating func append(_ value: Int64) { append(value, decimals: 0) }

    /// `units · 10^(−decimals)` with exactly `decimals` digits after the point.
    private mutating func append(_ units: Int64, decimals: Int) {
        var digits = 1
        var bound: UInt64 = 10
        let magnitude = units.magnitude
        while magnitude >= bound {
            digits += 1
            if digits == 20 { break }
            bound *= 10
        }
        digits = max(digits, decimals + 1)
        let size = digits + (decimals > 0 ? 1 : 0) + (units < 0 ? 1 : 0)
        reserve(size)
        var end = count + size
        count = end
        var rest = magnitude
        storage.withUnsafeMutableBufferPointer { room in
            for index in 0..<digits {
                if index == decimals, decimals > 0 {
                    end -= 1
                    room[end] = 0x2e
                }
                end -= 1
                room[end] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            }
            if units < 0 { room[end - 1] = 0x2d }
        }
    }

    /// A number of a fixed count of digits, with leading zeros.
    private mutating func append(_ value: Int64, digits: Int) {
        reserve(digits)
        var rest = value
        var end = count + digits
        count = end
        storage.withUnsafeMutableBufferPointer { room in
            for _ in 0..<digits {
                end -= 1
                room[end] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            }
        }
    }

    /// A time as RFC 3339 in UTC; the fraction is cut to `digits` digits, not rounded.
    public mutating func append(time: Int64, digits: Int) {
        let day = UnixTime.floorDivide(time, UnixTime.day)
        if day != self.day {
            self.day = day
            date = String(UnixTime.rfc3339(time, fractionDigits: 0).prefix(11))
        }
        append(date)
        let inDay = time - day * UnixTime.day
        let seconds = inDay / UnixTime.second
        append(seconds / 3600, digits: 2)
        append(":")
        append(seconds / 60 % 60, digits: 2)
        append(":")
        append(seconds % 60, digits: 2)
        if digits > 0 {
            append(".")
            append(inDay % UnixTime.second / PowersOfTen.int64(9 - digits), digits: digits)
        }
        append("Z")
    }
}
