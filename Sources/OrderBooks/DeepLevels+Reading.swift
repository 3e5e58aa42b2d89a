public import MarketModel

extension DeepLevels {
    /// The level at an index, 0 = the best of these.
    ///
    /// Precondition: it exists.
    @usableFromInline
    func level(at position: Int) -> (key: Int64, entry: BookSide.Entry) {
        var (chunk, left) = (used - 1, position)
        while left >= chunks[chunk].count {
            left -= chunks[chunk].count
            chunk -= 1
        }
        let found = chunks[chunk].indexes.upperBound - 1 - left
        return (keys[found], entries[found])
    }

    /// The position of a walk from the best level outwards.
    struct Walk {
        var chunk = 0
        var position = 0
        /// The remaining levels of the chunk.
        var left = 0
    }

    /// A walk from the best level.
    var walk: Walk { Walk(chunk: used) }

    /// The next entry of a walk.
    ///
    /// Precondition: there is one.
    func next(_ walk: inout Walk) -> BookSide.Entry {
        if walk.left == 0 {
            walk.chunk -= 1
            walk.position = chunks[walk.chunk].indexes.upperBound
            walk.left = chunks[walk.chunk].count
        }
        walk.position -= 1
        walk.left -= 1
        return entries[walk.position]
    }

    /// Calls `body` with the best `limit` levels (or all there are), best first.
    func forEachBest(_ limit: Int, _ body: (Int64, BookSide.Entry) -> Void) {
        var left = limit
        var chunk = used
        while chunk > 0, left > 0 {
            chunk -= 1
            let indexes = chunks[chunk].indexes
            var position = indexes.upperBound
            while position > indexes.lowerBound, left > 0 {
                position -= 1
                left -= 1
                body(keys[position], entries[position])
            }
        }
    }

    /// Appends the best `limit` levels to `levels`, best first, with the digits of the wire.
    @usableFromInline
    func copyBest(_ limit: Int, isAsk: Bool, scale: UInt8, into levels: inout [PriceLevel]) {
        forEachBest(limit) { key, entry in
            levels.append(BookSide.level(key, entry, isAsk: isAsk, scale: scale))
        }
    }

    /// Whether no two chunks share storage, by sums: a set would allocate on every message.
    private var hasIndexesOfItsOwn: Bool {
        var (sum, squares, expected, expectedSquares) = (0, 0, 0, 0)
        for position in chunks.indices {
            let number = Int(chunks[position].start) / DeepLevels.capacity
            (sum, squares) = (sum + number, squares + number * number)
            (expected, expectedSquares) = (expected + position, expectedSquares + position * position)
        }
        return sum == expected && squares == expectedSquares
    }

    /// Whether chunks and keys are sorted, nothing is empty, counts are right and sizes positive.
    var invariantsHold: Bool {
        var (total, last) = (0, Int64.min)
        guard used <= chunks.count, keys.count == entries.count else { return false }
        for index in 0..<used {
            let chunk = chunks[index]
            let indexes = chunk.indexes
            guard chunk.low < chunk.high, Int(chunk.high) <= DeepLevels.capacity,
                indexes.upperBound <= keys.count, keys[indexes.upperBound - 1] == chunk.top
            else { return false }
            for position in indexes {
                guard keys[position] > last, entries[position].size > 0 else { return false }
                last = keys[position]
            }
            total += indexes.count
        }
        return total == count && hasIndexesOfItsOwn
    }
}
