package import MarketModel

extension MarketSynchronizer {
    /// Writes the state to parts, or reads it into a synchronizer of the same options that has seen nothing.
    ///
    /// `path` names an instrument in the names of parts.
    package mutating func code(
        _ parts: inout StateParts,
        path: (InstrumentIndex) -> String
    ) throws(StateError) {
        var count = states.count
        try parts.part("/feeds", &connections)
        try parts.part("/rows/counters", &counters)
        try parts.part("/rows/lateness", &lateness)
        try parts.part("/rows/clock", &shared)
        if var schedule = ticks {
            try parts.part("/rows/ticks", &schedule)
            ticks = schedule
        }
        try parts.part("/rows/joined", &joined)
        try parts.part("/rows/last", &lastFrame)
        try parts.part("/rows/instruments", &count)
        guard 0...parts.instrumentCount ~= count,
            (joined + connections.flatMap(\.instruments)).allSatisfy({ $0.position < count })
        else { throw .malformed(field: "/rows/instruments", reason: "\(count) do not match the others") }
        if count > 0 { register(InstrumentIndex(UInt32(count - 1))) }
        for index in states.indices {
            try states[index].code(&parts, path(InstrumentIndex(UInt32(index))), frame: frameNumber)
        }
    }
}
