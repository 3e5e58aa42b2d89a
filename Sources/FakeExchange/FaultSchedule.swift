/// The faults, and how often each occurred.
struct FaultSchedule {
    private let faults: [ServedFault]
    private var struck: [Int64]

    init(_ faults: [ServedFault]) {
        self.faults = faults
        struck = Array(repeating: 0, count: faults.count)
    }

    /// The faults of some kinds due at a count and a time (nanoseconds since the beginning).
    mutating func due(
        _ number: UInt64,
        at elapsed: Int64,
        _ isMeant: (ServedFault.Kind) -> Bool
    ) -> [ServedFault] {
        var due: [ServedFault] = []
        for index in faults.indices where isMeant(faults[index].kind) && strikes(index, number, elapsed) {
            due.append(faults[index])
        }
        return due
    }

    private mutating func strikes(_ index: Int, _ number: UInt64, _ elapsed: Int64) -> Bool {
        let fault = faults[index]
        switch fault.moment {
        case .count(let count): return fault.repeats ? number % count == 0 : number == count
        case .time(let length):
            // Several multiples passed at once are one fault, because there is one frame.
            let multiples = fault.repeats ? max(elapsed, 0) / length : elapsed >= length ? 1 : 0
            defer { struck[index] = max(struck[index], multiples) }
            return multiples > struck[index]
        }
    }
}
