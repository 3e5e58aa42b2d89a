/// A value that can be written down and read back: the state of a part of the pipeline.
///
/// One visit does both, so that the two cannot drift apart. It passes each stored field to the coder, but for caches,
/// which follow from the others; equal states give equal bytes, whatever led to them.
package protocol StateCodable {
    /// Writes the fields to the coder, or reads them from it.
    mutating func code(_ coder: inout StateCoder) throws(StateError)
}
