import MarketModel

extension RowCollector: StatefulRowSink {
    func keep(in folder: String) throws(DatasetError) -> [StatePart] {
        for (number, track) in tracks.enumerated() {
            try track.writer.copy(to: RowCollector.file(number, in: folder))
        }
        var (parts, kept) = (StateParts(), KeptRows(self))
        do { try parts.part(KeptRows.part, &kept) } catch { throw .source("\(error)") }
        return parts.parts
    }

    func goOn(from parts: [StatePart], in folder: String) throws(DatasetError) {
        var (parts, kept) = (StateParts(reading: parts), KeptRows(self))
        do {
            try parts.part(KeptRows.part, &kept)
            try parts.finish()
        } catch {
            throw .source("\(folder): \(error)")
        }
        (features, defined, rows) = (kept.features, Set(kept.defined), kept.rows)
        for (number, one) in kept.tracks.enumerated() {
            let position = try track(one.instrument)
            guard position == number else {
                throw .source("\(folder): the state names \(one.instrument) twice; make it anew")
            }
            tracks[position].goOn(from: one)
            let path = RowCollector.file(number, in: folder)
            try tracks[position].writer.append(copiedTo: path, rows: one.stored)
        }
    }

    /// The file of an instrument's rows in the folder of a state.
    private static func file(_ number: Int, in folder: String) -> String { "\(folder)/rows-\(number)" }
}

extension RowCollector.Track {
    mutating func goOn(from kept: KeptTrack) {
        (row.ts, row.available) = (kept.ts, kept.available)
        (rows, jumped, run, summary) = (kept.rows, kept.jumped, kept.run, kept.summary)
    }
}
