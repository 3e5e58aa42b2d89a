/// Channels that frames name by a number of the connection, as its acks gave it: those of a source get the numbers that
/// its clients are given.
public protocol ServedNumbers: Sendable {
    /// A frame of the source with the clients' numbers.
    mutating func renumber(_ frame: [UInt8]) -> [UInt8]
}
