public import ByteCoding

/// The attachments and metadata records of a file in its order, read without expanding its chunks.
///
/// Damaged ones are skipped: reading the messages reports what is lost.
public struct ExtraRecords {
    private let scanner: RecordScanner

    /// Begins to read a file.
    public init(_ input: ByteInput, limits: ReaderLimits = .init()) {
        scanner = RecordScanner(input, limits: limits)
    }

    /// The next one; nil at the end.
    ///
    /// - Throws: ``MCAPError`` if reading fails, or one is larger than the limit.
    public mutating func next() throws(MCAPError) -> ExtraRecord? {
        while try scanner.next() {
            var reader = ByteReader(scanner.content)
            switch Opcode(rawValue: scanner.opcode) {
            case .metadata:
                if let record = try? Metadata(from: &reader) { return .metadata(record) }
            case .attachment:
                if let record = try? Attachment(from: &reader), holds(at: reader.position) {
                    return .attachment(record)
                }
            default: break
            }
        }
        return nil
    }

    /// Whether the checksum of the current attachment is right.
    private func holds(at index: Int) -> Bool {
        let scanner = scanner
        let content = scanner.content
        var reader = ByteReader(content.extracting(index...))
        guard let crc = try? reader.read(UInt32.self) else { return false }
        return crc == 0 || crc == CRC32.checksum(content.extracting(0..<index))
    }
}
