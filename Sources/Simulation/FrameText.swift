import MarketModel

/// JSON text being written: reused memory, numbers made from integers.
struct FrameText: Sendable {
    private(set) var storage = [UInt8](repeating: 0, count: 64 << 10)
    private(set) var count = 0
    /// The day, counted from the epoch, that `date` spells.
    private var day = Int64.min
    private var date: [UInt8] = []

    /// Forgets the text, keeps the memory.
    mutating func removeAll() { count = 0 }

    private mutating func reserve(_ size: Int) {
        guard count + size > storage.count else { return }
        storage.append(contentsOf: repeatElement(0, count: max(size, storage.count)))
    }

    /// Text that needs no escapes.
    mutating func add(_ text: StaticString) {
        let size = text.utf8CodeUnitCount
        reserve(size)
        storage.withUnsafeMutableBytes { room in
            // Safe: `reserve` made room for `size` bytes behind `count`.
            room.baseAddress?.advanced(by: count).copyMemory(from: text.utf8Start, byteCount: size)
        }
        count += size
    }

    /// Bytes that need no escapes.
    mutating func add(_ bytes: [UInt8]) {
        let size = bytes.count
        reserve(size)
        storage.withUnsafeMutableBytes { room in
            bytes.withUnsafeBytes { source in
                guard let base = source.baseAddress else { return }
                // Safe: as above.
                room.baseAddress?.advanced(by: count).copyMemory(from: base, byteCount: size)
            }
        }
        count += size
    }

    /// A whole number.
    mutating func add(_ value: Int64) { add(value, decimals: 0) }

    /// `units · 10^(−places)` with exactly `places` digits after the point.
    mutating func add(_ units: Int64, decimals: Int) {
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

    /// `units · 10^(−places)` without zeros at the end of the fraction.
    mutating func add(trimmed units: Int64, decimals: Int) {
        var (units, decimals) = (units, decimals)
        while decimals > 0, units % 10 == 0 {
            units /= 10
            decimals -= 1
        }
        add(units, decimals: decimals)
    }

    /// A number of a fixed count of digits, with leading zeros.
    mutating func add(_ value: Int64, digits: Int) {
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
    mutating func add(time: Int64, digits: Int) {
        let day = UnixTime.floorDivide(time, UnixTime.day)
        if day != self.day {
            self.day = day
            date = Array(UnixTime.rfc3339(time, fractionDigits: 0).utf8.prefix(11))
        }
        add(date)
        let inDay = time - day * UnixTime.day
        let seconds = inDay / UnixTime.second
        add(seconds / 3600, digits: 2)
        add(":")
        add(seconds / 60 % 60, digits: 2)
        add(":")
        add(seconds % 60, digits: 2)
        if digits > 0 {
            add(".")
            add(inDay % UnixTime.second / PowersOfTen.int64(9 - digits), digits: digits)
        }
        add("Z")
    }

    /// Sixteen hexadecimal digits.
    mutating func add(hexadecimal value: UInt64, digits: Int) {
        reserve(digits)
        let start = count
        count += digits
        storage.withUnsafeMutableBufferPointer { room in
            for index in 0..<digits {
                let nibble = UInt8(truncatingIfNeeded: value >> UInt64(4 * (digits - 1 - index))) & 15
                room[start + index] = nibble < 10 ? 0x30 + nibble : 0x57 + nibble
            }
        }
    }
}
