/// The parts of a state, written or read by one visit in one order.
///
/// A part begins with a byte of its version, to be raised when the meaning of a field changes.
package struct StateParts: Sendable {
    /// Whether parts are read, not written.
    package let isReading: Bool
    /// The parts written, or those not read yet.
    package private(set) var parts: [StatePart]
    /// How many instruments there are, once that is known: an index beyond is refused.
    package var instrumentCount = Int.max
    /// What was visited; nil unless a test asks.
    package var trace: StateTrace?
    private var next = 0

    /// Writes.
    package init() { (isReading, parts) = (false, []) }

    /// Reads parts in the order in which they were written.
    package init(reading parts: [StatePart]) { (isReading, self.parts) = (true, parts) }

    /// Writes a value as the next part, or reads it from there.
    package mutating func part(
        _ name: String,
        version: UInt8 = 1,
        _ value: inout some StateCodable
    ) throws(StateError) {
        if isReading { return try read(name, version, &value) }
        var coder = StateCoder()
        coder.trace = trace
        var number = version
        try coder.integer(&number)
        try coder.whole(&value, as: name)
        trace = coder.trace
        parts.append(StatePart(name: name, bytes: coder.bytes))
    }

    /// Ends the reading: every part must have been read.
    package func finish() throws(StateError) {
        if isReading, next < parts.count { throw .unknownPart(parts[next].name) }
    }

    private mutating func read(
        _ name: String,
        _ version: UInt8,
        _ value: inout some StateCodable
    ) throws(StateError) {
        guard next < parts.count, parts[next].name == name else {
            let isLater = parts[next...].contains { $0.name == name }
            throw isLater ? .unknownPart(parts[next].name) : .missingPart(name)
        }
        guard !parts[next].bytes.isEmpty else { throw .malformed(field: name, reason: "it is empty") }
        var coder = StateCoder(reading: parts[next].bytes)
        coder.instrumentCount = instrumentCount
        var found: UInt8 = 0
        try coder.integer(&found)
        guard found == version else { throw .version(part: name, found: found, expected: version) }
        try coder.whole(&value, as: name)
        // What was read is not kept twice.
        parts[next].bytes = []
        next += 1
    }
}
