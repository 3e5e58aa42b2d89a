/// One side of a simulated book, and what of it has changed since the last message.
struct SimulatedSide: Sendable {
    private(set) var levels: Ladder
    private(set) var changes = LevelChanges()

    init(_ levels: Ladder) { self.levels = levels }

    /// Sets the size at a key; zero deletes.
    mutating func set(_ key: Int64, _ size: Int64) {
        changes.set(key, size, isNew: levels.size(of: key) == 0)
        levels.set(key, size)
    }

    /// Adds a level worse than all.
    mutating func extend(_ key: Int64, _ size: Int64) {
        levels.extend(key, size)
        changes.set(key, size, isNew: true)
    }

    /// Removes the worst level; `isTold` if a message says so.
    mutating func removeWorst(isTold: Bool) {
        let key = levels.worstKey
        levels.removeWorst()
        // Deletes a level even if it was added within the message: the client may have known it before.
        if isTold { changes.set(key, 0, isNew: false) }
    }

    /// Tells a size that the level does not have.
    mutating func pretend(_ key: Int64, _ size: Int64) {
        changes.set(key, size, isNew: levels.size(of: key) == 0)
    }

    /// Tells the size that a level has of which another was told.
    mutating func admit(_ key: Int64) { changes.set(key, levels.size(of: key), isNew: false) }

    /// Clears the changes after a message, or before a snapshot.
    mutating func published() { changes.removeAll() }
}
