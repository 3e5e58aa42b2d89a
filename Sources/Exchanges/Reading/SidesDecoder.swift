import MarketModel

/// A decoder of book messages that list both sides.
protocol SidesDecoder {
    /// Reads the element at hand, perhaps with some behind it; false if it is no level.
    static func readLevel(
        _ reader: inout some MemberReader,
        into levels: inout OutputSpan<PriceLevel>
    ) -> Bool
}

extension SidesDecoder {
    /// Reads both sides of a message; how many levels each has, nil if one cannot be read.
    ///
    /// A side that a delta lacks has not changed.
    @inline(__always)
    static func readSides<Reader: MemberReader>(
        _ reader: inout Reader,
        bids: StaticString,
        asks: StaticString,
        _ form: ListForm,
        _ levels: inout OutputSpan<PriceLevel>
    ) -> (bids: Int, asks: Int)? {
        guard let bids = reader.elements(of: bids, form), readLevels(&reader, bids, &levels)
        else { return nil }
        let bidCount = levels.count
        guard let asks = reader.elements(of: asks, form), readLevels(&reader, asks, &levels)
        else { return nil }
        return (bidCount, levels.count - bidCount)
    }

    /// ``readSides(_:bids:asks:_:_:)`` of a member that is a list of the bids and the asks.
    @inline(__always)
    static func readSides<Reader: MemberReader>(
        _ reader: inout Reader,
        list: StaticString,
        _ levels: inout OutputSpan<PriceLevel>
    ) -> (bids: Int, asks: Int)? {
        guard var sides = reader.elements(of: list, .array), reader.next(&sides) else { return nil }
        if let bids = reader.elements(), readLevels(&reader, bids, &levels), reader.next(&sides) {
            let bidCount = levels.count
            if let asks = reader.elements(), readLevels(&reader, asks, &levels), !reader.next(&sides) {
                return (bidCount, levels.count - bidCount)
            }
        }
        reader.abandon(sides)
        return nil
    }

    /// Reads both sides of a message that may list either first; how many levels each has, nil if one cannot be read.
    ///
    /// `members` are bids and asks as they stand in a message that lists bids first, `asksFirst` asks and bids in
    /// another. Either way the levels are bids, then asks.
    @inline(__always)
    static func readSides<Reader: MemberReader>(
        _ reader: inout Reader,
        _ members: (StaticString, StaticString),
        asksFirst: (StaticString, StaticString),
        _ form: ListForm,
        _ levels: inout OutputSpan<PriceLevel>
    ) -> (bids: Int, asks: Int)? {
        guard reader.isNext(asksFirst.0) else {
            return readSides(&reader, bids: members.0, asks: members.1, form, &levels)
        }
        let counts = readSides(&reader, bids: asksFirst.0, asks: asksFirst.1, form, &levels)
        guard let counts else { return nil }
        if counts.bids > 0, counts.asks > 0 { turn(&levels, at: counts.bids) }
        return (counts.asks, counts.bids)
    }

    /// Moves the first levels behind the others: each part turned round, then all.
    private static func turn(_ levels: inout OutputSpan<PriceLevel>, at count: Int) {
        levels.withUnsafeMutableBufferPointer { levels, total in
            reverse(levels, 0, count)
            reverse(levels, count, total)
            reverse(levels, 0, total)
        }
    }

    private static func reverse(_ levels: UnsafeMutableBufferPointer<PriceLevel>, _ start: Int, _ end: Int) {
        var (low, high) = (start, end &- 1)
        while low < high {
            (levels[low], levels[high]) = (levels[high], levels[low])
            low &+= 1
            high &-= 1
        }
    }

    @inline(__always)
    private static func readLevels<Reader: MemberReader>(
        _ reader: inout Reader,
        _ elements: Reader.Elements,
        _ levels: inout OutputSpan<PriceLevel>
    ) -> Bool {
        var elements = elements
        while reader.next(&elements) {
            guard readLevel(&reader, into: &levels) else {
                reader.abandon(elements)
                return false
            }
        }
        return true
    }
}
