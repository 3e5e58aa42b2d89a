import MarketModel

/// Which messages the connections of a group have brought, by payload: for those that no number or id tells apart.
///
/// The k-th of equal payloads on one connection is the k-th on another, and never another one on its own.
struct MessageCopies: Sendable {
    /// A payload, and how often each connection has brought it.
    fileprivate struct Payload: Sendable {
        var hash: UInt64
        var connections: [Int32] = []
        var counts: [UInt32] = []

        /// Counts it once more on a connection; returns whether another has brought it as often.
        mutating func isCopy(on connection: Int32) -> Bool {
            let index = connections.firstIndex(of: connection) ?? connections.count
            if index == connections.count {
                connections.append(connection)
                counts.append(0)
            }
            counts[index] += 1
            return counts.indices.contains { $0 != index && counts[$0] >= counts[index] }
        }
    }

    /// How many distinct payloads are remembered.
    private static let limit = 10_000
    private var ring: [Payload] = []
    private var oldest = 0
    private var places: [UInt64: Int] = [:]

    /// Whether another connection has brought a message; records that this one has.
    mutating func isCopy(_ message: RawSpan, on connection: Int32) -> Bool {
        let hash = MessageCopies.hash(message)
        if let place = places[hash] { return ring[place].isCopy(on: connection) }
        var payload = Payload(hash: hash)
        _ = payload.isCopy(on: connection)
        remember(payload)
        return false
    }

    private mutating func remember(_ payload: Payload) {
        var place = ring.count
        if ring.count < MessageCopies.limit {
            ring.append(payload)
        } else {
            place = oldest
            places[ring[place].hash] = nil
            ring[place] = payload
            oldest = (oldest + 1) % MessageCopies.limit
        }
        places[payload.hash] = place
    }

    /// FNV-1a, and a last mixing of its bits.
    private static func hash(_ message: RawSpan) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for offset in 0..<message.byteCount {
            hash =
                (hash ^ UInt64(message.unsafeLoad(fromByteOffset: offset, as: UInt8.self))) &* 0x100_0000_01b3
        }
        hash = (hash ^ (hash &>> 33)) &* 0xff51_afd7_ed55_8ccd
        return hash ^ (hash &>> 33)
    }
}

extension MessageCopies: StateCodable {
    /// The payloads, oldest first.
    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        var payloads = Array(ring[oldest...] + ring[..<oldest])
        try coder.field("ring", &payloads)
        guard coder.isReading else { return }
        guard payloads.count <= MessageCopies.limit else {
            throw coder.malformed("\(payloads.count) payloads")
        }
        self = MessageCopies()
        for payload in payloads { remember(payload) }
    }
}

extension MessageCopies.Payload: StateElement {
    static var blank: Self { Self(hash: 0) }

    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.packed("hash", &hash)
        try coder.packed("connections", &connections)
        try coder.packed("counts", &counts)
        guard connections.count == counts.count else { throw coder.malformed("counts without a connection") }
    }
}
