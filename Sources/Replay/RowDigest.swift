import ByteCoding
import Features
import MarketModel

/// SHA-256 over rows: in the order of emission, and over their contents whatever that order.
struct RowDigest: ~Copyable {
    private let emission: SHA256
    private var contents = ContentSorter()
    private var scratch: [UInt8] = []

    init() throws(ReplayError) {
        do { emission = try SHA256() } catch { throw .digest(error) }
    }

    mutating func add(_ row: MarketAggregate, of instrument: Instrument) throws(ReplayError) {
        scratch.removeAll(keepingCapacity: true)
        RowEncoding.append(row, of: instrument, withAvailability: true, to: &scratch)
        emission.update(scratch.span.bytes)
        try contents.add(ts: row.ts, index: row.instrument, instrument: instrument) { bytes in
            RowEncoding.append(row, of: instrument, withAvailability: false, to: &bytes)
        }
    }

    /// Both digests as hexadecimal text.
    mutating func finish() throws(ReplayError) -> (emission: String, contents: String) {
        let sorted: SHA256
        do { sorted = try SHA256() } catch { throw .digest(error) }
        try contents.drain { sorted.update($0) }
        return (emission.finishHexadecimal(), sorted.finishHexadecimal())
    }
}
