import MarketModel

/// JSON text being written: reused memory, numbers made from integers.
public struct FrameWriter: Sendable {
    /// The text, and room behind it.
    public private(set) var storage: [UInt8]
    /// The bytes of the text.
    public private(set) var count = 0
    /// The second, counted from the epoch, that `date` spells.
    private var second = Int64.min
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

    /// A text, number or time.
    public mutating func append<A: FramePart>(_ a: A) { a.write(to: &self) }

    /// Parts one behind the other, as below.
    ///
    /// A parameter pack says it once, and takes half as long again: its parts are copied and found at run time.
    public mutating func append<A: FramePart, B: FramePart>(_ a: A, _ b: B) {
        append(a)
        append(b)
    }

    /// Three parts.
    public mutating func append<A: FramePart, B: FramePart, C: FramePart>(_ a: A, _ b: B, _ c: C) {
        append(a, b)
        append(c)
    }

    /// Four or more parts.
    public mutating func append<A: FramePart, B: FramePart, C: FramePart, D: FramePart>(
        _ a: A,
        _ b: B,
        _ c: C,
        _ d: D,
        _ e: some FramePart = "",
        _ f: some FramePart = ""
    ) {
        append(a, b, c)
        append(d, e, f)
    }

    /// What `write` makes of each element, with commas between.
    public mutating func append<Element>(
        list elements: [Element],
        _ write: (Element, inout FrameWriter) -> Void
    ) {
        var isFirst = true
        for element in elements {
            if !isFirst { self.write(",") }
            isFirst = false
            write(element, &self)
        }
    }

    // MARK: - Parts

    /// Text as it is: whoever hands it on escapes what JSON wants escaped.
    mutating func write(_ text: String) {
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

    /// `units · 10^(−decimals)` with exactly `decimals` digits after the point.
    mutating func write(_ units: Int64, decimals: Int) {
        var (digits, bound) = (1, UInt64(10))
        while units.magnitude >= bound {
            digits += 1
            if digits == 20 { break }
            bound *= 10
        }
        if units < 0 { write("-") }
        write(digits: max(digits, decimals + 1), of: units.magnitude, decimals: decimals)
    }

    /// The last `digits` digits of a number, zeros in front included, with a point before the last `decimals`.
    private mutating func write(digits: Int, of number: UInt64, decimals: Int = 0) {
        let size = digits + (decimals > 0 ? 1 : 0)
        reserve(size)
        var end = count + size
        count = end
        var rest = number
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
        }
    }

    /// A time as RFC 3339 in UTC; the fraction is cut to `digits` digits, not rounded.
    mutating func write(time: Int64, digits: Int) {
        let second = UnixTime.floorDivide(time, UnixTime.second)
        if second != self.second {
            self.second = second
            date = String(UnixTime.rfc3339(time, fractionDigits: 0).dropLast())
        }
        write(date)
        if digits > 0 {
            write(".")
            let fraction = time - second * UnixTime.second
            write(digits: digits, of: UInt64(fraction / PowersOfTen.int64(9 - digits)))
        }
        write("Z")
    }
}
