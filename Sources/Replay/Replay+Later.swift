public import MarketModel
import Recording

// States at the end of recordings, from which a replay of these and of later ones goes on.
extension Replay {
    /// The state after all frames, without the last rows, which depend on whether more frames follow.
    ///
    /// Made on one thread: the options keep levels. With digests it holds the rows so far, some 180 bytes each.
    /// - Throws: ``ReplayError/state(_:)`` where a file is damaged or frames are missing in it: what was
    ///   lost would have to be told again.
    public mutating func endState() throws(ReplayError) -> [StatePart] {
        var places: [RecordingPlace] = []
        for source in merge.sources {
            guard !source.hasFrame, let place = try source.place else {
                throw .state(.storage("\(source.path) was not read to its end, or is damaged"))
            }
            places.append(place)
        }
        var (parts, positions) = (StateParts(), merge.positions)
        do throws(StateError) {
            try code(&parts, &positions)
            try parts.part("/places", &places)
        } catch {
            throw .state(error)
        }
        return parts.parts
    }

    /// Goes on from a state at the end of the first recordings, of which nothing is read again.
    ///
    /// The options are those of the state, and nothing was read yet. The caller makes sure that the first files of
    /// ``sources`` are those of the state.
    /// - Throws: ``ReplayError/state(_:)`` where a further recording begins before the end of those, or is of a session
    ///   that had ended.
    public mutating func resume(atEnd state: [StatePart]) throws(ReplayError) {
        var (parts, positions) = (StateParts(reading: state), [SourcePosition]())
        var places: [RecordingPlace] = []
        do throws(StateError) {
            try code(&parts, &positions)
            try parts.part("/places", &places)
            try parts.finish()
            guard !places.isEmpty, places.count == positions.count, positions.count <= merge.sources.count
            else {
                throw .malformed(field: "/places", reason: "of other files")
            }
            try check(further: merge.sources.indices.dropFirst(positions.count), positions.count)
        } catch {
            throw .state(error)
        }
        try merge.resume(at: positions, places: places)
        let going = merge.sources.indices.filter { merge.sources[$0].hasFrame }.map { merge.sessions[$0] }
        endedSessions.removeAll { going.contains($0) }
    }

    /// The paths of the recordings in the order in which frames of one time are read.
    public var sources: [String] { merge.sources.map(\.path) }

    /// Refuses further files whose frames would have come before the end, or would have kept a session open.
    private func check(further: Range<Int>, _ count: Int) throws(StateError) {
        for index in further where merge.sources[index].hasFrame {
            let source = merge.sources[index]
            guard source.receiveTime >= position ?? .min else {
                throw .mismatch(
                    what: "recordings",
                    found: "up to \(UnixTime.rfc3339(position ?? 0))",
                    expected: "those among which \(source.path) begins"
                )
            }
            let session = merge.sessions[index]
            guard !merge.sessions.prefix(count).contains(session) || endedSessions.contains(session) else {
                throw .mismatch(
                    what: "recordings",
                    found: "in which a session ended",
                    expected: "those with \(source.path), in which it goes on"
                )
            }
        }
    }
}
