/// Reads DELTA_BYTE_ARRAY: each value shares a prefix with the one before.
struct PrefixDecoder {
    private let bytes: PageBytes
    private var prefixes: DeltaDecoder
    private var suffixes: DeltaDecoder
    private var position: Int
    private var previous: [UInt8] = []

    init(_ bytes: PageBytes) throws(DecodingFault) {
        prefixes = try DeltaDecoder(bytes)
        let rest = bytes.dropping(try prefixes.end())
        suffixes = try DeltaDecoder(rest)
        position = try suffixes.end()
        self.bytes = rest
    }

    /// The next value.
    mutating func next() throws(DecodingFault) -> [UInt8] {
        var (prefix, suffix) = (UInt32(0), UInt32(0))
        try prefixes.read(into: &prefix, count: 1)
        try suffixes.read(into: &suffix, count: 1)
        let (shared, added) = (Int(Int32(bitPattern: prefix)), Int(Int32(bitPattern: suffix)))
        guard shared >= 0, shared <= previous.count else {
            throw DecodingFault("a prefix of \(shared) bytes of a value of \(previous.count)")
        }
        guard added >= 0, added <= bytes.count - position else {
            throw DecodingFault("a suffix of \(added) bytes, \(bytes.count - position) are left")
        }
        previous.removeSubrange(shared...)
        previous.append(contentsOf: UnsafeRawBufferPointer(start: bytes.start + position, count: added))
        position += added
        return previous
    }
}
