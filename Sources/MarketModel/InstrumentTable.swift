/// The instruments of a session, numbered in order of first appearance.
///
/// Decoders look a symbol up by its bytes once per message, without a `String` or allocation unless it is
/// new. Cost: one hash of the symbol and usually one comparison.
public struct InstrumentTable: Sendable {
    /// All instruments; an ``InstrumentIndex`` is an index into it.
    public private(set) var instruments: [Instrument] = []

    /// The market of a symbol, where a connection carries several.
    public typealias MarketRule = @Sendable (String) -> Market

    private var venues: [(exchange: String, market: Market, rule: MarketRule?)] = []
    // All symbols, concatenated: a look-up touches no array of arrays.
    private var text: [UInt8] = []
    private var indexes: [TextRange] = []
    // Open addressing, linear probing; `UInt32.max` is empty. The size is a power of two.
    private var slots: [UInt32] = Array(repeating: .max, count: 64)

    private struct TextRange: Sendable {
        var start: Int
        var length: Int
        var venue: UInt32
    }

    /// Makes an empty table.
    public init() {}

    /// The number of instruments.
    @inlinable
    public var count: Int { instruments.count }

    /// The instrument at an index.
    public subscript(_ index: InstrumentIndex) -> Instrument { instruments[index.position] }

    /// The index of an exchange and market, added if new; `rule` tells each instrument's market where that is
    /// ``Market/multi``.
    public mutating func venue(exchange: String, market: Market, rule: MarketRule? = nil) -> VenueIndex {
        for (position, venue) in venues.enumerated()
        where venue.exchange == exchange && venue.market == market {
            return VenueIndex(UInt32(position))
        }
        venues.append((exchange, market, rule))
        return VenueIndex(UInt32(venues.count - 1))
    }

    /// The index of a symbol of a venue, added if new.
    ///
    /// `symbol` is UTF-8 as on the wire, unescaped.
    public mutating func index(of symbol: RawSpan, venue: VenueIndex) -> InstrumentIndex {
        if let known = find(symbol, venue: venue) { return known }
        return add(symbol, venue: venue)
    }

    /// The index of a symbol of a venue; nil if it is unknown.
    public func find(_ symbol: RawSpan, venue: VenueIndex) -> InstrumentIndex? {
        var slot = InstrumentTable.hash(symbol, venue) & (slots.count - 1)
        while slots[slot] != .max {
            if holds(symbol, venue, at: slots[slot]) { return InstrumentIndex(slots[slot]) }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    /// The index of an instrument by its names, added if new.
    public mutating func index(of instrument: Instrument) -> InstrumentIndex {
        let venue = venue(exchange: instrument.exchange, market: instrument.market)
        let bytes = [UInt8](instrument.symbol.utf8)
        return index(of: bytes.span.bytes, venue: venue)
    }

    private func holds(_ symbol: RawSpan, _ venue: VenueIndex, at index: UInt32) -> Bool {
        let position = indexes[Int(index)]
        guard position.venue == venue.value, position.length == symbol.byteCount else { return false }
        for offset in 0..<position.length
        where text[position.start + offset] != symbol.unsafeLoad(fromByteOffset: offset, as: UInt8.self) {
            return false
        }
        return true
    }

    private mutating func add(_ symbol: RawSpan, venue: VenueIndex) -> InstrumentIndex {
        let index = UInt32(instruments.count)
        let bytes = symbol.withUnsafeBytes { [UInt8]($0) }
        let (exchange, market, rule) = venues[Int(venue.value)]
        let name = String(decoding: bytes, as: UTF8.self)
        instruments.append(
            Instrument(exchange: exchange, market: rule?(name) ?? market, symbol: name)
        )
        indexes.append(TextRange(start: text.count, length: bytes.count, venue: venue.value))
        text.append(contentsOf: bytes)
        if instruments.count * 2 > slots.count {
            rebuild(slots.count * 2)
        } else {
            insert(index)
        }
        return InstrumentIndex(index)
    }

    private mutating func rebuild(_ size: Int) {
        slots = Array(repeating: .max, count: size)
        for index in instruments.indices { insert(UInt32(index)) }
    }

    private mutating func insert(_ index: UInt32) {
        let slot = freeSlot(for: indexes[Int(index)])
        slots[slot] = index
    }

    private func freeSlot(for position: TextRange) -> Int {
        let symbol = text.span.bytes.extracting(position.start..<(position.start + position.length))
        var slot = InstrumentTable.hash(symbol, VenueIndex(position.venue)) & (slots.count - 1)
        while slots[slot] != .max { slot = (slot + 1) & (slots.count - 1) }
        return slot
    }

    /// FNV-1a: symbols are short, and the table is never iterated.
    private static func hash(_ symbol: RawSpan, _ venue: VenueIndex) -> Int {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ UInt64(venue.value)
        for offset in 0..<symbol.byteCount {
            hash ^= UInt64(symbol.unsafeLoad(fromByteOffset: offset, as: UInt8.self))
            hash = hash &* 0x100_0000_01b3
        }
        return Int(truncatingIfNeeded: hash ^ (hash >> 29)) & Int.max
    }
}

extension InstrumentTable: StateCodable {
    package mutating func code(_ coder: inout StateCoder) throws(StateError) {
        var (exchanges, markets) = (venues.map(\.exchange), venues.map(\.market))
        var symbols = indexes.map { Array(text[$0.start..<($0.start + $0.length)]) }
        var owners = indexes.map(\.venue)
        try coder.field("venues", &exchanges)
        try coder.field("markets", &markets)
        try coder.field("text", &symbols)
        try coder.field("indexes", &owners)
        guard coder.isReading else { return }
        guard exchanges.count == markets.count, symbols.count == owners.count,
            owners.allSatisfy({ Int($0) < exchanges.count })
        else { throw coder.malformed("instruments without a venue") }
        // Rules are no state: whoever reads one has connected the same venues before.
        let known = venues
        self = InstrumentTable()
        for (exchange, market) in zip(exchanges, markets) {
            let rule = known.first { $0.exchange == exchange && $0.market == market }?.rule
            _ = venue(exchange: exchange, market: market, rule: rule)
        }
        for (symbol, owner) in zip(symbols, owners) {
            _ = self.index(of: symbol.span.bytes, venue: VenueIndex(owner))
        }
        guard venues.count == markets.count, instruments.count == symbols.count else {
            throw coder.malformed("an instrument twice")
        }
    }
}
