public import ByteCoding

extension Summary {
    /// Finds the summary of a file whose footer points elsewhere because bytes before it were lost or
    /// added.
    ///
    /// The summary leads record by record from a data end exactly to the footer. Its offsets are wrong.
    /// - Returns: nil if there is none within the last 64 MiB, or its CRC-32 does not hold.
    /// - Complexity: reads up to 64 MiB and passes over each byte once.
    public init?(displacedIn file: FileReader, limits: ReaderLimits = .init()) {
        let least = UInt64(Format.magic.count + Format.tailSize)
        guard let footer = try? Self.footer(file), file.size > least, footer.summaryStart > 0 else {
            return nil
        }
        let size = Int(min(file.size, UInt64(min(limits.summary, 64 << 20))))
        var buffer = GrowableBytes(capacity: size)
        guard (try? Self.read(file, at: file.size - UInt64(size), count: size, into: &buffer)) != nil,
            let start = Self.start(in: buffer.bytes, footer)
        else { return nil }
        let end = size - Format.tailSize
        guard (try? parse(buffer.bytes.extracting(start..<end), footer)) != nil else { return nil }
    }

    /// The start of the records that lead from a data end to the footer at the end of `bytes`.
    private static func start(in bytes: RawSpan, _ footer: Footer) -> Int? {
        let end = bytes.byteCount - Format.tailSize
        let dataEnd = Format.prefixSize + 4
        guard end >= dataEnd else { return nil }
        // Bounds the cost of false chains of records.
        var steps = 1 << 22
        // From the end, so that the true data end is found before bytes in a chunk that look like one.
        for position in stride(from: end - dataEnd, through: 0, by: -1) {
            let code = bytes.unsafeLoad(fromByteOffset: position, as: UInt8.self)
            guard code == Opcode.dataEnd.rawValue, length(bytes, at: position) == 4 else { continue }
            let start = position + dataEnd
            guard leads(bytes, from: start, to: end, &steps) else { continue }
            if holds(bytes.extracting(start...), footer) { return start }
            steps -= 1 << 18
        }
        return nil
    }

    private static func leads(_ bytes: RawSpan, from start: Int, to end: Int, _ steps: inout Int) -> Bool {
        var position = start
        while end - position >= Format.prefixSize, steps > 0 {
            steps -= 1
            let code = bytes.unsafeLoad(fromByteOffset: position, as: UInt8.self)
            guard code != Opcode.dataEnd.rawValue else { return false }
            let length = length(bytes, at: position)
            guard length <= UInt64(end - position - Format.prefixSize) else { return false }
            position += Format.prefixSize + Int(length)
        }
        return position == end && start < end
    }

    /// The footer's CRC-32 covers all but itself and the magic.
    private static func holds(_ bytes: RawSpan, _ footer: Footer) -> Bool {
        let covered = bytes.byteCount - Format.magic.count - 4
        return footer.summaryCRC == 0 || CRC32.checksum(bytes.extracting(0..<covered)) == footer.summaryCRC
    }

    private static func length(_ bytes: RawSpan, at position: Int) -> UInt64 {
        UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: position + 1, as: UInt64.self))
    }
}
