import ByteCoding

extension RecordScanner {
    /// Skips to the next offset at which a record can begin; returns the number of bytes skipped.
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

    /// The first offset within the current record from which a chain of records crosses its end, which
    /// proves its length wrong.
    func crossing(_ end: Int) throws(MCAPError) -> Int? {
        // Fields of a record that begins before the end may be after it.
        try fill(end + 64)
        var from = 1
        while let found = candidate(from: from, to: end) {
            if try leads(from: found, over: end) { return found }
            from = found + 1
        }
        return nil
    }

    /// Whether whole records lead from `start` to one that ends after `end`.
    private func leads(from start: Int, over end: Int) throws(MCAPError) -> Bool {
        var position = start
        // A chunk is followed by an index a channel; a bound keeps made-up chains from costing time.
        for _ in 0..<64 where position < end {
            guard try fill(position + Format.prefixSize + 64) >= position + Format.prefixSize else {
                return false
            }
            if fileBeginsInWindow(at: position) {
                position += Format.magic.count
                continue
            }
            let (code, size) = prefix(at: position)
            guard code != 0, code <= Opcode.dataEnd.rawValue, resembles(code, at: position, inDamage: true),
                try isWhole(at: position)
            else { return false }
            position += Format.prefixSize + Int(size)
        }
        return position > end
    }

    /// Whether the record that seems to begin at `position` ends within the input.
    private func isWhole(at position: Int) throws(MCAPError) -> Bool {
        if fileBeginsInWindow(at: position) { return true }
        let size = prefix(at: position).size
        let whole = position + Format.prefixSize + Int(clamping: size)
        return try fill(whole) >= whole
    }

    /// The first offset in a range of the window at which plausible fields of a record begin.
    func candidate(from start: Int, to end: Int) -> Int? {
        let input = input
        let window = input.window
        let last = min(end, window.byteCount - Format.prefixSize)
        var position = start
        while position < last {
            let code = window.unsafeLoad(fromByteOffset: position, as: UInt8.self)
            if code != 0, code <= Opcode.dataEnd.rawValue, resembles(code, at: position, inDamage: true) {
                return position
            }
            if code == Format.magic[0], fileBeginsInWindow(at: position) { return position }
            position += 1
        }
        return nil
    }

    /// Whether the lengths within the record's first fields agree with the record's length.
    ///
    /// In damaged bytes they must agree exactly, and bare messages count only of known channels and before
    /// any chunk; elsewhere a record may be longer than its fields.
    func resembles(_ code: UInt8, at position: Int, inDamage: Bool) -> Bool {
        let (_, size) = prefix(at: position)
        guard size >= Self.leastSize(code), !inDamage || size <= UInt64(limits.record) else { return false }
        if inDamage, let end = input.size {
            let offset = input.position + UInt64(position)
            guard offset + UInt64(Format.prefixSize) + size <= end else { return false }
        }
        guard let length = Int(exactly: size) else { return false }
        let start = position + Format.prefixSize
        let input = input
        let available = min(input.available - start, length)
        var reader = ByteReader(input.window.extracting(start..<start + available))
        do {
            let used =
                try inDamage
                ? fieldsInDamage(Opcode(rawValue: code), length, &reader)
                : fields(Opcode(rawValue: code), &reader, isBounded: false)
            guard let used else { return !inDamage }
            return inDamage ? used == length : used <= length
        } catch {
            // The first fields exceed the window or the record.
            return !inDamage && available < length
        }
    }

    /// How many bytes the fields of the record at the front of the window take; nil if unknown.
    func usedLength(_ length: Int, _ code: UInt8) -> Int? {
        let input = input
        let start = Format.prefixSize
        let available = min(length, input.available - start)
        var reader = ByteReader(input.window.extracting(start..<start + max(0, available)))
        return (try? fields(Opcode(rawValue: code), &reader, isBounded: false)) ?? nil
    }

    /// As ``fields(_:_:)``, where no record is expected.
    private func fieldsInDamage(
        _ opcode: Opcode?,
        _ length: Int,
        _ reader: inout ByteReader
    ) throws(ByteCodingError) -> Int? {
        switch opcode {
        case .channel where sawChunk, .schema where sawChunk, .message where sawChunk: return nil
        case .message:
            return known(try reader.read(UInt16.self)) ? length : nil
        case .header: return nil
        case .dataEnd: return 4
        case .footer: return Format.footerSize
        default: return try fields(opcode, &reader)
        }
    }

    /// The length of the record's content by its own fields; nil if unknown.
    private func fields(
        _ opcode: Opcode?,
        _ reader: inout ByteReader,
        isBounded: Bool = true
    ) throws(ByteCodingError) -> Int? {
        switch opcode {
        case .header:
            try reader.skip(Int(try reader.read(UInt32.self)))
            return try reader.position + 4 + Int(reader.read(UInt32.self))
        case .chunk: return try chunkFields(&reader, isBounded: isBounded)
        case .messageIndex:
            try reader.skip(2)
            let length = Int(try reader.read(UInt32.self))
            return length % 16 == 0 ? reader.position + length : Int.max
        case .channel:
            try reader.skip(4)
            for _ in 0..<2 { try reader.skip(Int(try reader.read(UInt32.self))) }
            return try reader.position + 4 + Int(reader.read(UInt32.self))
        case .schema:
            try reader.skip(2)
            for _ in 0..<2 { try reader.skip(Int(try reader.read(UInt32.self))) }
            return try reader.position + 4 + Int(reader.read(UInt32.self))
        case .attachment:
            try reader.skip(16)
            for _ in 0..<2 { try reader.skip(Int(try reader.read(UInt32.self))) }
            let length = Int(clamping: try reader.read(UInt64.self))
            return length < 1 << 60 ? reader.position + length + 4 : Int.max
        case .metadata:
            try reader.skip(Int(try reader.read(UInt32.self)))
            return try reader.position + 4 + Int(reader.read(UInt32.self))
        default: return nil
        }
    }

    private func chunkFields(_ reader: inout ByteReader, isBounded: Bool) throws(ByteCodingError) -> Int {
        let start = try reader.read(UInt64.self)
        let end = try reader.read(UInt64.self)
        let expanded = try reader.read(UInt64.self)
        try reader.skip(4)
        let nameLength = Int(try reader.read(UInt32.self))
        guard start <= end, !isBounded || expanded <= UInt64(limits.chunk), nameLength <= 8 else {
            return Int.max
        }
        try reader.skip(nameLength)
        let stored = try reader.read(UInt64.self)
        let isWithin = stored <= (isBounded ? UInt64(limits.record) : 1 << 60)
        return isWithin ? reader.position + Int(stored) : Int.max
    }

    private func known(_ id: UInt16) -> Bool { Int(id) < isChannel.count && isChannel[Int(id)] }
}
