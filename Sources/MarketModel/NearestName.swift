/// Suggests what a misspelt name was meant to be, by edit distance.
///
/// Case is ignored; of equally near names the first one wins.
package enum NearestName {
    /// The nearest candidate at any distance; empty only without candidates.
    package static func nearest(to name: String, of candidates: [String]) -> String {
        ranked(name, candidates, limit: 1).first?.name ?? ""
    }

    /// The nearest candidate if it is at most two letters, or a third of the longer name, away.
    package static func near(_ name: String, among candidates: [String]) -> String? {
        guard let best = ranked(name, candidates, limit: 1).first else { return nil }
        let isNear = best.distance <= max(2, max(name.utf8.count, best.name.utf8.count) / 3)
        return isNear ? best.name : nil
    }

    /// At most `limit` candidates, the nearest first.
    ///
    /// Cost: the product of both lengths, for each candidate.
    package static func nearest(to name: String, of candidates: [String], limit: Int) -> [String] {
        ranked(name, candidates, limit: limit).map(\.name)
    }

    private static func ranked(
        _ name: String,
        _ candidates: [String],
        limit: Int
    ) -> [(name: String, distance: Int)] {
        let letters = folded(name)
        var best: [(name: String, distance: Int)] = []
        for candidate in candidates {
            let distance = distance(letters, folded(candidate))
            let index = best.firstIndex { distance < $0.distance } ?? best.count
            guard index < limit else { continue }
            best.insert((candidate, distance), at: index)
            if best.count > limit { best.removeLast() }
        }
        return best
    }

    private static func folded(_ name: String) -> [UInt8] {
        name.utf8.map { 0x41...0x5a ~= $0 ? $0 + 0x20 : $0 }
    }

    /// The Levenshtein distance.
    package static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (index, letter) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for (column, other) in right.enumerated() {
                let replaced = diagonal + (letter == other ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, min(diagonal, row[column]) + 1)
            }
        }
        return row[right.count]
    }
}
