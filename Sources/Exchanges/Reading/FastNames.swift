/// Remembered names and what they mean, one a slot: a later name may push an earlier one out.
struct FastNames<Meaning: Sendable>: Sendable {
    private struct Slot: Sendable {
        var name: FastName
        var meaning: Meaning
    }

    private var slots: [Slot?] = Array(repeating: nil, count: 64)

    @inline(__always)
    subscript(name: FastName) -> Meaning? {
        guard let slot = slots[name.hash], slot.name == name else { return nil }
        return slot.meaning
    }

    mutating func remember(_ name: FastName, _ meaning: Meaning) {
        slots[name.hash] = Slot(name: name, meaning: meaning)
    }
}
