/// The end of the data section.
public struct DataEnd: Equatable, Sendable {
    /// CRC-32 of the file up to this record; 0 if not available.
    public var dataSectionCRC: UInt32
}
