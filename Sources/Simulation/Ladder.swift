/// One side of a simulated book: prices in ticks, sizes in the smallest unit; the best level is last, so
/// that changes near the top move few elements.
///
/// A key is the price of a bid and the negated price of an ask: the greater key is the better one.
struct Ladder: Sendable {
    private(set) var keys: [Int64] = []
    private(set) var sizes: [Int64] = []

    var count: Int { keys.count }

    /// The key of the best level; a ladder is never empty.
    var bestKey: Int64 { keys[keys.count - 1] }

    /// The key `index` levels from the best.
    func key(at index: Int) -> Int64 { keys[keys.count - 1 - index] }

    func size(at index: Int) -> Int64 { sizes[sizes.count - 1 - index] }

    /// The position of `key`, or where it belongs, counted from the worst.
    private func position(of key: Int64) -> Int {
        var position = keys.count
        // Most changes are near the best.
        var steps = 24
        while position > 0, keys[position - 1] >= key {
            position -= 1
            steps -= 1
            if steps == 0 { return search(key, below: position) }
        }
        return position
    }

    private func search(_ key: Int64, below end: Int) -> Int {
        var (low, high) = (0, end)
        while low < high {
            let middle = (low + high) / 2
            if keys[middle] < key { low = middle + 1 } else { high = middle }
        }
        return low
    }

    func size(of key: Int64) -> Int64 {
        let position = position(of: key)
        return position < keys.count && keys[position] == key ? sizes[position] : 0
    }

    /// Sets the size at a key; zero deletes.
    mutating func set(_ key: Int64, _ size: Int64) {
        let position = position(of: key)
        let found = position < keys.count && keys[position] == key
        if size == 0 {
            if found {
                keys.remove(at: position)
                sizes.remove(at: position)
            }
        } else if found {
            sizes[position] = size
        } else {
            keys.insert(key, at: position)
            sizes.insert(size, at: position)
        }
    }

    /// Adds a level worse than all.
    mutating func extend(_ key: Int64, _ size: Int64) {
        keys.insert(key, at: 0)
        sizes.insert(size, at: 0)
    }

    /// The key of the worst level.
    var worstKey: Int64 { keys[0] }

    mutating func removeWorst() {
        keys.removeFirst()
        sizes.removeFirst()
    }

    /// Makes a side of levels from the worst to the best.
    init(worstFirst keys: [Int64], sizes: [Int64]) {
        self.keys = keys
        self.sizes = sizes
    }
}
