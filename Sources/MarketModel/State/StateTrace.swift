/// What a coder visited, for tests: the stored fields of each type beside those that were coded, and where they lie.
package struct StateTrace: Sendable {
    /// A type with fields of its own.
    package struct Visit: Sendable {
        /// The type's name.
        package var type: String
        /// Its stored fields.
        package var stored: [String]
        /// Those that were coded.
        package var coded: [String]
    }

    /// Each visit of a type with fields.
    package var visits: [Visit] = []
    /// The bytes of each value without fields of its own.
    package var leaves: [(path: String, bytes: Range<Int>)] = []
    /// The fields coded so far of each value whose visit has not ended.
    private var open: [[String]] = [[]]

    package init() {}

    mutating func begin() { open.append([]) }

    mutating func add(_ field: String) { open[open.count - 1].append(field) }

    mutating func end(_ value: some Any, at path: [String], _ bytes: Range<Int>) {
        let coded = open.removeLast()
        if coded.isEmpty {
            leaves.append((path.joined(separator: "."), bytes))
        } else {
            let mirror = Mirror(reflecting: value)
            guard mirror.displayStyle == .struct else { return }
            let stored = mirror.children.compactMap(\.label)
            visits.append(Visit(type: "\(type(of: value))", stored: stored, coded: coded))
        }
    }
}
