import ByteCoding
import Features
import MarketModel

/// SHA-256 over rows: in order of emission, and sorted so that the order does not matter.
struct RowDigest: ~Copyable {
    private var emission = SHA256()
    private var contents = ContentSorter()
    private var encoding = RowEncoding()
    /// Rows collected to be digested together: a call per row would cost half as much as the digest itself.
    private var pending = GrowableBytes(capacity: 2 * RowDigest.batch)

    private static let batch = 1 << 15

    mutating func add(_ row: borrowing Row) throws(DigestError) {
        let start = pending.count
        let left = encoding.append(row.aggregate, of: row.instrument, to: &pending)
        try RowDigest.add(row, pending, (start..<left.lowerBound, left.upperBound), &contents)
        if pending.count >= RowDigest.batch { digestPending() }
    }

    /// Static, so that the compiler sees no overlap between bytes and sorter.
    private static func add(
        _ row: borrowing Row,
        _ bytes: borrowing GrowableBytes,
        _ parts: (head: Range<Int>, tail: Int),
        _ contents: inout ContentSorter
    ) throws(DigestError) {
        try contents.add(
            bytes.bytes.extracting(parts.head),
            bytes.bytes.extracting(parts.tail..<bytes.count),
            ts: row.aggregate.ts,
            index: row.aggregate.instrument,
            instrument: row.instrument
        )
    }

    private mutating func digestPending() { RowDigest.digest(&pending, &emission) }

    private static func digest(_ pending: inout GrowableBytes, _ emission: inout SHA256) {
        emission.update(pending.bytes)
        pending.removeAll()
    }

    /// Both digests as hexadecimal text.
    mutating func finish() throws(DigestError) -> (emission: String, contents: String) {
        digestPending()
        var sorted = SHA256()
        try contents.drain { sorted.update($0) }
        return (emission.finishHexadecimal(), sorted.finishHexadecimal())
    }
}

extension RowDigest {
    /// The digest so far: a SHA-256 under way, and the rows in order of their content with their keys.
    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        digestPending()
        var midstate = emission.midstate
        try coder.field("emission", &midstate)
        guard let read = SHA256(midstate: midstate) else { throw coder.malformed("no SHA-256") }
        emission = read
        try contents.code(&coder)
    }
}
