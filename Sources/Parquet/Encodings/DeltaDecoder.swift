/// Reads DELTA_BINARY_PACKED, a few values at a time.
///
/// Differences wrap around. Source: the Parquet format's document "Encodings".
struct DeltaDecoder {
    /// The total number of values that the page states.
    let count: Int
    private let bytes: PageBytes
    private let miniblocks: Int
    private let miniblockSize: Int
    /// The offset after what was read so far.
    private(set) var position: Int
    private var left: Int
    private var previous: UInt64
    private var isFirst = true
    private var leastDelta: UInt64 = 0
    private var widthsAt = 0
    private var miniblock: Int
    /// Values left in the current miniblock, their width, and the bit offset of the next one.
    private var miniblockLeft = 0
    private var width = 0
    private var bit = 0

    /// The largest block that is accepted; writers use 128, 1024 or 2048.
    private static let largestBlock = 1 << 16

    init(_ bytes: PageBytes) throws(DecodingFault) {
        self.bytes = bytes
        guard bytes.count > 0 else {
            // DuckDB leaves pages of nulls empty.
            (count, miniblocks, miniblockSize, position, left, previous, miniblock) = (0, 1, 0, 0, 0, 0, 1)
            return
        }
        var position = 0
        let block = try bytes.varint(&position)
        let miniblocks = try bytes.varint(&position)
        let count = try bytes.varint(&position)
        let first = try bytes.zigzag(&position)
        guard block > 0, block <= UInt64(Self.largestBlock), miniblocks > 0, miniblocks <= block,
            block % miniblocks == 0, (block / miniblocks) % 8 == 0
        else { throw DecodingFault("blocks of \(block) values in \(miniblocks) parts") }
        guard count <= UInt64(Int32.max) else { throw DecodingFault("\(count) values in one page") }
        self.miniblocks = Int(miniblocks)
        miniblockSize = Int(block / miniblocks)
        self.count = Int(count)
        self.position = position
        left = Int(count)
        previous = UInt64(bitPattern: first)
        miniblock = Int(miniblocks)
    }

    /// Reads `count` values; `target` has room for them.
    mutating func read<Value: FixedWidthInteger>(
        into target: UnsafeMutablePointer<Value>,
        count: Int
    ) throws(DecodingFault) {
        guard count <= left else { throw DecodingFault("\(count) values wanted, \(left) left in the page") }
        guard count > 0 else { return }
        left -= count
        var done = 0
        if isFirst {
            isFirst = false
            target[0] = Value(truncatingIfNeeded: previous)
            done = 1
        }
        while done < count {
            if miniblockLeft == 0 { try nextMiniblock() }
            let step = min(miniblockLeft, count - done)
            if width <= 57 {
                decode(into: target + done, count: step)
            } else {
                decodeWide(into: target + done, count: step)
            }
            miniblockLeft -= step
            done += step
        }
    }

    /// The end of the values, without reading them; needs a decoder of its own.
    func end() throws(DecodingFault) -> Int {
        var scout = self
        if scout.isFirst {
            scout.isFirst = false
            scout.left -= min(scout.left, 1)
        }
        while scout.left > 0 {
            if scout.miniblockLeft == 0 { try scout.nextMiniblock() }
            let step = min(scout.miniblockLeft, scout.left)
            scout.miniblockLeft -= step
            scout.left -= step
        }
        return scout.position
    }

    private mutating func decode<Value: FixedWidthInteger>(
        into target: UnsafeMutablePointer<Value>,
        count: Int
    ) {
        let mask: UInt64 = width == 0 ? 0 : UInt64.max >> UInt64(64 - width)
        var (value, bit) = (previous, bit)
        for index in 0..<count {
            // Safe: the miniblock's bytes were checked, and a word may extend into the slack.
            let word = UInt64(littleEndian: bytes.load(bit >> 3, as: UInt64.self))
            value = value &+ leastDelta &+ ((word &>> UInt64(bit & 7)) & mask)
            target[index] = Value(truncatingIfNeeded: value)
            bit += width
        }
        (previous, self.bit) = (value, bit)
    }

    private mutating func decodeWide<Value: FixedWidthInteger>(
        into target: UnsafeMutablePointer<Value>,
        count: Int
    ) {
        let mask: UInt64 = UInt64.max >> UInt64(64 - width)
        for index in 0..<count {
            let (byte, shift) = (bit >> 3, UInt64(bit & 7))
            let low = UInt64(littleEndian: bytes.load(byte, as: UInt64.self)) >> shift
            // Safe: at most nine bytes from a checked offset, the ninth in the slack.
            let high = UInt64(bytes.load(byte + 8, as: UInt8.self)) << (64 - shift)
            previous = previous &+ leastDelta &+ ((low | high) & mask)
            target[index] = Value(truncatingIfNeeded: previous)
            bit += width
        }
    }

    private mutating func nextMiniblock() throws(DecodingFault) {
        if miniblock == miniblocks {
            leastDelta = UInt64(bitPattern: try bytes.zigzag(&position))
            guard miniblocks <= bytes.count - position else {
                throw DecodingFault("the page ends within a block")
            }
            widthsAt = position
            position += miniblocks
            miniblock = 0
        }
        width = Int(bytes.load(widthsAt + miniblock, as: UInt8.self))
        guard width <= 64 else { throw DecodingFault("differences of \(width) bits") }
        let size = miniblockSize / 8 * width
        guard size <= bytes.count - position else { throw DecodingFault("the page ends within a block") }
        bit = position * 8
        position += size
        miniblockLeft = miniblockSize
        miniblock += 1
    }
}
