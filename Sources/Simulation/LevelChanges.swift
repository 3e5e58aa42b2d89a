import Exchanges

/// Level changes of one message: at most one per price, in order of the first change.
struct LevelChanges: Sendable {
    private(set) var keys: [Int64] = []
    private(set) var sizes: [Int64] = []
    /// Whether the levels were not there before.
    private var areNew: [Bool] = []

    var count: Int { keys.count }
    var isEmpty: Bool { keys.isEmpty }

    /// What became of a level; nil of one that came and went within the message.
    func change(at index: Int) -> BookMessage.Change? {
        if sizes[index] == 0 { return areNew[index] ? nil : .deletion }
        return areNew[index] ? .insertion : .update
    }

    /// Sets a size; whether the level is new counts at its first change.
    mutating func set(_ key: Int64, _ size: Int64, isNew: Bool) {
        var index = keys.count
        while index > 0 {
            index -= 1
            if keys[index] == key {
                sizes[index] = size
                return
            }
        }
        keys.append(key)
        sizes.append(size)
        areNew.append(isNew)
    }

    /// Forgets the change of a price, if there is one; true if there was.
    mutating func forget(_ key: Int64) -> Bool {
        guard let index = keys.firstIndex(of: key) else { return false }
        keys.remove(at: index)
        sizes.remove(at: index)
        areNew.remove(at: index)
        return true
    }

    mutating func removeAll() {
        keys.removeAll(keepingCapacity: true)
        sizes.removeAll(keepingCapacity: true)
        areNew.removeAll(keepingCapacity: true)
    }
}
