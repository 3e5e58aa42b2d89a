/// The levels of a side beyond its best few hundred: ascending keys in chunks of up to ``capacity``, so
/// that a change deep down moves at most half a chunk.
///
/// The chunks are in order, worst first; each has its own range of one storage, with room at both ends as
/// in the flat part.
@usableFromInline
struct DeepLevels: Sendable {
    /// The most levels of a chunk.
    static let capacity = 128

    /// A chunk's range of the storage.
    @usableFromInline
    struct Chunk: Sendable {
        /// Its greatest key.
        @usableFromInline var top: Int64
        /// The first of its ``DeepLevels/capacity`` elements.
        @usableFromInline var start: Int32
        /// Its levels are `low..<high`, counted from `start`.
        @usableFromInline var low: UInt16
        @usableFromInline var high: UInt16

        @usableFromInline
        var indexes: Range<Int> { (Int(start) + Int(low))..<(Int(start) + Int(high)) }

        var count: Int { Int(high) - Int(low) }
    }

    /// The number of levels.
    @usableFromInline private(set) var count = 0
    /// The chunks in use, then the free ones.
    @usableFromInline private(set) var chunks: [Chunk] = []
    /// The number of chunks in use.
    @usableFromInline private(set) var used = 0
    @usableFromInline private(set) var keys: [Int64] = []
    @usableFromInline private(set) var entries: [BookSide.Entry] = []

    /// The greatest key; below every key if there are none.
    @inline(__always)
    var bestKey: Int64 { used > 0 ? chunks[used - 1].top : .min }

    mutating func removeAll() {
        count = 0
        used = 0
    }

    // MARK: - Changing a level

    /// Sets the entry of a key, or removes it if the size is zero.
    mutating func setOrRemove(_ key: Int64, _ entry: BookSide.Entry) {
        if entry.size == 0 {
            if key <= bestKey, used > 0 { remove(key) }
        } else if used == 0 {
            append(0..<1, of: [key]) { _ in entry }
        } else {
            set(key, entry)
        }
    }

    /// Sets the entry of a key.
    ///
    /// Precondition: there are levels.
    mutating func set(_ key: Int64, _ entry: BookSide.Entry) {
        var chunk = chunkIndex(of: key)
        var position = position(of: key, in: chunk)
        if position < chunks[chunk].indexes.upperBound, keys[position] == key {
            entries[position] = entry
            return
        }
        if chunks[chunk].count == DeepLevels.capacity {
            split(chunk)
            if chunks[chunk].top < key { chunk += 1 }
            position = self.position(of: key, in: chunk)
        }
        position = open(position, in: chunk)
        keys[position] = key
        entries[position] = entry
        chunks[chunk].top = max(chunks[chunk].top, key)
        count += 1
    }

    /// Removes a key that is at most ``bestKey``, if it is there.
    mutating func remove(_ key: Int64) {
        let chunk = chunkIndex(of: key)
        let position = position(of: key, in: chunk)
        guard position < chunks[chunk].indexes.upperBound, keys[position] == key else { return }
        close(position, in: chunk)
        count -= 1
        if chunks[chunk].count == 0 {
            release(chunk)
        } else {
            chunks[chunk].top = keys[chunks[chunk].indexes.upperBound - 1]
            mergeIfSmall(chunk)
        }
    }

    /// The first chunk whose greatest key is not below `key`.
    @inline(__always)
    private func chunkIndex(of key: Int64) -> Int {
        var (base, left) = (0, used)
        while left > 1 {
            let half = left >> 1
            base &+= chunks[base &+ half &- 1].top < key ? half : 0
            left &-= half
        }
        return base
    }

    /// The first index of a chunk whose key is not below `key`, or its end.
    @inline(__always)
    private func position(of key: Int64, in chunk: Int) -> Int {
        let indexes = chunks[chunk].indexes
        var (base, left) = (indexes.lowerBound, indexes.count)
        while left > 1 {
            let half = left >> 1
            base &+= keys[base &+ half &- 1] < key ? half : 0
            left &-= half
        }
        return base &+ (keys[base] < key ? 1 : 0)
    }

    /// The number of levels whose key is not below `key`.
    func count(notBelow key: Int64) -> Int {
        guard used > 0, bestKey >= key else { return 0 }
        let chunk = chunkIndex(of: key)
        let better = chunks[(chunk + 1)..<used].reduce(0) { $0 + $1.count }
        return better + chunks[chunk].indexes.upperBound - position(of: key, in: chunk)
    }

    /// Makes room before an index of a chunk that is not full; returns the free index.
    ///
    /// Moves the shorter part if there is room on its side.
    private mutating func open(_ position: Int, in chunk: Int) -> Int {
        let indexes = chunks[chunk].indexes
        let (below, above) = (position - indexes.lowerBound, indexes.upperBound - position)
        let hasRoomBelow = chunks[chunk].low > 0
        let hasRoomAbove = Int(chunks[chunk].high) < DeepLevels.capacity
        if hasRoomAbove, above <= below || !hasRoomBelow {
            move(position, above, by: 1)
            chunks[chunk].high += 1
            return position
        }
        move(indexes.lowerBound, below, by: -1)
        chunks[chunk].low -= 1
        return position - 1
    }

    private mutating func close(_ position: Int, in chunk: Int) {
        let indexes = chunks[chunk].indexes
        let (below, above) = (position - indexes.lowerBound, indexes.upperBound - position - 1)
        if above <= below {
            move(position + 1, above, by: -1)
            chunks[chunk].high -= 1
        } else {
            move(indexes.lowerBound, below, by: 1)
            chunks[chunk].low += 1
        }
    }

    /// Moves `length` levels by `offset`.
    ///
    /// Precondition: both ranges are in one chunk.
    private mutating func move(_ from: Int, _ length: Int, by offset: Int) {
        copy(from, length, to: from + offset)
    }

    private mutating func copy(_ from: Int, _ length: Int, to start: Int) {
        precondition(from >= 0 && start >= 0 && max(from, start) + length <= keys.count)
        // Safe: both ranges are in the storage; they may overlap.
        keys.withUnsafeMutableBufferPointer { keys in
            guard let base = keys.baseAddress else { return }
            (base + start).update(from: base + from, count: length)
        }
        entries.withUnsafeMutableBufferPointer { entries in
            guard let base = entries.baseAddress else { return }
            (base + start).update(from: base + from, count: length)
        }
    }

    // MARK: - Chunks

    /// Splits a full chunk: its better half becomes the next one.
    private mutating func split(_ chunk: Int) {
        let half = DeepLevels.capacity / 2
        let better = insertChunk(at: chunk + 1)
        let (from, to) = (Int(chunks[chunk].start), Int(chunks[better].start))
        copy(from + half, half, to: to + half / 2)
        chunks[better].low = UInt16(half / 2)
        chunks[better].high = UInt16(half / 2 + half)
        chunks[better].top = chunks[chunk].top
        chunks[chunk].high = UInt16(half)
        chunks[chunk].top = keys[from + half - 1]
    }

    /// Merges a chunk with the next one if both are nearly empty, so that deletions do not leave ever more
    /// chunks.
    private mutating func mergeIfSmall(_ chunk: Int) {
        let better = chunk + 1
        guard better < used, chunks[chunk].count + chunks[better].count <= DeepLevels.capacity / 4 else {
            return
        }
        let (indexes, more) = (chunks[chunk].indexes, chunks[better].indexes)
        // First to the front of its range, to make room behind for the others.
        copy(indexes.lowerBound, indexes.count, to: Int(chunks[chunk].start))
        copy(more.lowerBound, more.count, to: Int(chunks[chunk].start) + indexes.count)
        chunks[chunk].low = 0
        chunks[chunk].high = UInt16(indexes.count + more.count)
        chunks[chunk].top = chunks[better].top
        release(better)
    }

    /// Inserts an empty chunk at `position`; returns it.
    private mutating func insertChunk(at position: Int) -> Int {
        if used == chunks.count { addChunk() }
        let fresh = chunks[used]
        var index = used
        while index > position {
            chunks[index] = chunks[index - 1]
            index -= 1
        }
        chunks[position] = fresh
        used += 1
        return position
    }

    private mutating func addChunk() {
        chunks.append(Chunk(top: 0, start: Int32(keys.count), low: 0, high: 0))
        keys.append(contentsOf: repeatElement(0, count: DeepLevels.capacity))
        entries.append(contentsOf: repeatElement(.none, count: DeepLevels.capacity))
    }

    /// Frees a chunk.
    private mutating func release(_ chunk: Int) {
        let released = chunks[chunk]
        used -= 1
        for position in chunk..<used { chunks[position] = chunks[position + 1] }
        chunks[used] = released
    }
}

// MARK: - Many levels at once

extension DeepLevels {
    /// Appends levels of another storage, ascending and better than all here; `entry` returns their sizes
    /// and scales.
    mutating func append(
        _ indexes: Range<Int>,
        of others: borrowing [Int64],
        _ entry: (Int) -> BookSide.Entry
    ) {
        // Chunks are filled to three quarters, with room for later insertions.
        let size = DeepLevels.capacity / 4 * 3
        var start = indexes.lowerBound
        while start < indexes.upperBound {
            let length = min(size, indexes.upperBound - start)
            let chunk = insertChunk(at: used)
            let low = (DeepLevels.capacity - length) / 2
            let first = Int(chunks[chunk].start) + low
            for position in 0..<length {
                keys[first + position] = others[start + position]
                entries[first + position] = entry(start + position)
            }
            chunks[chunk].low = UInt16(low)
            chunks[chunk].high = UInt16(low + length)
            chunks[chunk].top = others[start + length - 1]
            start += length
        }
        count += indexes.count
    }

    /// The range of the best chunk's levels.
    ///
    /// Precondition: there is one.
    var bestIndexes: Range<Int> { chunks[used - 1].indexes }

    /// Removes the best chunk.
    ///
    /// Precondition: there is one.
    mutating func dropBest() {
        count -= bestIndexes.count
        used -= 1
    }

    /// Removes the worst `excess` levels.
    ///
    /// Precondition: there are as many.
    mutating func removeWorst(_ excess: Int) {
        var left = excess
        while left > 0, used > 0 {
            let removed = min(left, chunks[0].count)
            chunks[0].low += UInt16(removed)
            left -= removed
            count -= removed
            if chunks[0].count == 0 { release(0) }
        }
    }

    /// Whether 64 bits hold every key multiplied by `factor`.
    func holds(_ factor: Int64) -> Bool {
        for chunk in 0..<used {
            for position in chunks[chunk].indexes
            where keys[position].multipliedReportingOverflow(by: factor).overflow {
                return false
            }
        }
        return true
    }

    /// Multiplies all keys by a factor that ``holds(_:)``.
    mutating func rescale(by factor: Int64) {
        for chunk in 0..<used {
            for position in chunks[chunk].indexes { keys[position] *= factor }
            chunks[chunk].top *= factor
        }
    }
}
