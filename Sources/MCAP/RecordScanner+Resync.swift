import ByteCoding

extension RecordScanner {
    /// Passes over bytes to the next place where a record can begin; returns how many bytes.
    func resynchronize() throws(MCAPError) -> UInt64 {
        let start = input.position
        var from = 1
        while true {
            let available = try fill(from + 64)
            guard available > from else {
                input.consume(available)
                return input.position - start
            }
            if let found = candidate(from: from, to: available), try isWhole(at: found) {
                input.consume(found)
                return input.position - start
            } else if let found = candidate(from: from, to: available) {
                from = found + 1
                continue
            }
            // Keep what a record's first fields may need.
            let passed = available - min(available, 64)
            if passed > from {
                input.consume(passed)
                from = 1
            } else {
                let before = available
                if try fill(before + 1) == before {
                    input.consume(before)
                    return input.position - start
                }
            }
        }
    }

    /// Whether the record that seems to begin at `position` ends within the input.
    private func isWhole(at position: Int) throws(MCAPError) -> Bool {
        let size = prefix(at: position).size
        let whole = position + Format.prefixSize + Int(clamping: size)
        return try fill(whole) >= whole
    }

    /// The first place in a range of the window where the fields are those of a record.
    func candidate(from start: Int, to end: Int) -> Int? {
        let input = input
        let window = input.window
        let last = min(end, window.byteCount - Format.prefixSize)
        var position = start
        while position < last {
            let code = window.unsafeLoad(fromByteOffset: position, as: UInt8.self)
            if code != 0, code <= Opcode.dataEnd.rawValue, resembles(code, at: position) { return position }
            position += 1
        }
        return nil
    }

    /// Whether the lengths within the record's first fields agree with the record's length.
    private func resembles(_ code: UInt8, at position: Int) -> Bool {
        let (_, size) = prefix(at: position)
        guard size >= Self.leastSize(code), size <= UInt64(limits.record) else { return false }
        if let end = input.size {
            let offset = input.position + UInt64(position)
            guard offset + UInt64(Format.prefixSize) + size <= end else { return false }
        }
        let start = position + Format.prefixSize
        let available = input.available - start
        let input = input
        var reader = ByteReader(input.window.extracting(start..<start + min(available, Int(size))))
        return (try? fieldsAgree(Opcode(rawValue: code), Int(size), &reader)) ?? false
    }

    private func fieldsAgree(
        _ opcode: Opcode?,
        _ size: Int,
        _ reader: inout ByteReader
    ) throws(ByteCodingError) -> Bool {
        switch opcode {
        case .chunk: return try chunkAgrees(size, &reader)
        case .messageIndex:
            let id = try reader.read(UInt16.self)
            let length = Int(try reader.read(UInt32.self))
            return length == size - 6 && length % 16 == 0 && length > 0 && (sawChunk || known(id))
        case .message:
            let id = try reader.read(UInt16.self)
            return !sawChunk && known(id)
        case .channel:
            guard !sawChunk else { return false }
            try reader.skip(4)
            for _ in 0..<2 { try reader.skip(Int(try reader.read(UInt32.self))) }
            return Int(try reader.read(UInt32.self)) == size - reader.position
        case .schema:
            guard !sawChunk else { return false }
            try reader.skip(2)
            for _ in 0..<2 { try reader.skip(Int(try reader.read(UInt32.self))) }
            return Int(try reader.read(UInt32.self)) == size - reader.position
        case .attachment:
            try reader.skip(16)
            for _ in 0..<2 { try reader.skip(Int(try reader.read(UInt32.self))) }
            return try reader.read(UInt64.self) == UInt64(max(0, size - reader.position - 4))
        case .metadata:
            try reader.skip(Int(try reader.read(UInt32.self)))
            return Int(try reader.read(UInt32.self)) == size - reader.position
        case .dataEnd: return size == 4
        case .footer: return size == Format.footerSize
        default: return false
        }
    }

    private func chunkAgrees(_ size: Int, _ reader: inout ByteReader) throws(ByteCodingError) -> Bool {
        let start = try reader.read(UInt64.self)
        let end = try reader.read(UInt64.self)
        let expanded = try reader.read(UInt64.self)
        try reader.skip(4)
        let nameLength = Int(try reader.read(UInt32.self))
        guard start <= end, expanded <= UInt64(limits.chunk), nameLength <= 8 else { return false }
        try reader.skip(nameLength)
        return try reader.read(UInt64.self) == UInt64(max(0, size - 40 - nameLength))
    }

    private func known(_ id: UInt16) -> Bool { Int(id) < isChannel.count && isChannel[Int(id)] }
}
