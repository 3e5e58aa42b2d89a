/// Bytes of a state, coded at once.
package struct StateBytes: StateCodable {
    package var bytes: [UInt8] = []

    package init() {}

    package mutating func code(_ coder: inout StateCoder) throws(StateError) { try coder.data(&bytes) }
}
