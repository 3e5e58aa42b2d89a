import ByteCoding

/// Scans the records of a file in order, past damage.
///
/// The framing (opcode, length) has no checksum: a record is accepted only if what follows can be a record
/// too; otherwise the scanner searches for the next one that can be.
final class RecordScanner {
    let input: ByteInput
    let limits: ReaderLimits
    /// Whether attachments over the limit are skipped instead of being an error, for readers that want
    /// none.
    var skipsLargeAttachments = false
    /// How many were.
    private(set) var skippedAttachments: UInt32 = 0
    /// The number of records of unknown kinds over the limit that were skipped.
    private(set) var skippedStrangers: UInt64 = 0
    /// Ranges without records, in file order; the stream reader adds losses within records.
    var losses: [Loss] = []
    /// Whether a chunk was seen: then bare messages are not searched for in damaged bytes.
    var sawChunk = false
    /// Whether a channel has each number, for checking bare messages in damaged bytes.
    var isChannel: [Bool] = []

    /// First byte of the current record.
    private(set) var opcode: UInt8 = 0
    /// Offset of the current record in the file.
    private(set) var offset: UInt64 = 0
    /// Length of the current record's content.
    private(set) var length = 0
    /// Whether the current record directly follows a damaged range.
    private(set) var followsLoss = false
    /// Whether that range is exactly one chunk, by the rest of its fields.
    private(set) var lossIsOneChunk = false
    /// Whether the closing magic follows the current record.
    private(set) var magicFollows = false
    /// Whether a further file began before the current record.
    private(set) var startsFile = false
    /// Where it began.
    private(set) var fileStart: UInt64 = 0
    private var taken = 0

    init(_ input: ByteInput, limits: ReaderLimits) {
        self.input = input
        self.limits = limits
    }

    /// The content of the current record; valid until ``next()``.
    var content: RawSpan {
        @_lifetime(borrow self)
        get {
            // Safe: `next` made prefix and content part of the window.
            let span = RawSpan(_unsafeStart: contentBase, byteCount: length)
            return _overrideLifetime(span, borrowing: self)
        }
    }

    /// The start of the current record's content.
    var contentBase: UnsafeRawPointer { input.unsafeBase + Format.prefixSize }

    /// Moves to the next record; returns false at the end of the input or after the footer.
    func next() throws(MCAPError) -> Bool {
        input.consume(taken)
        taken = 0
        followsLoss = false
        magicFollows = false
        startsFile = false
        while true {
            switch try judge() {
            case .fileStart:
                startsFile = true
                fileStart = input.position
                sawChunk = false
                input.consume(Format.magic.count)
            case .end: return false
            case .record: return true
            case .oversized(let size): try skipOversized(size)
            case .damaged(let reason): try skipDamage(reason)
            }
        }
    }

    /// Goes to the record at an offset, which the next ``next()`` reads; false where the input cannot.
    func seek(to offset: UInt64) throws(MCAPError) -> Bool {
        let input = input
        guard try read({ () throws(ByteCodingError) in try input.seek(to: offset) }) else { return false }
        taken = 0
        return true
    }

    private func skipDamage(_ reason: String) throws(MCAPError) {
        var loss = Loss(offset: input.position, length: 0, reason: reason)
        let remains = chunkRemains()
        // Records inside a damaged chunk are not records of the file.
        if remains.times.0 != nil { sawChunk = true }
        loss.length = try resynchronize()
        followsLoss = true
        lossIsOneChunk = remains.lengths.contains(loss.length)
        // A chunk that runs past the end is the torn tail of the file.
        let isAtEnd = try fill(1) == 0
        let isTorn = isAtEnd && remains.lengths.contains { $0 > loss.length }
        if lossIsOneChunk || isTorn { (loss.startTime, loss.endTime) = remains.times }
        losses.append(loss)
    }

    /// What is left of a damaged chunk at the front: its length by its two length fields, and its times.
    private func chunkRemains() -> (lengths: [UInt64], times: (UInt64?, UInt64?)) {
        let input = input
        guard input.available > Format.prefixSize else { return ([], (nil, nil)) }
        let (code, size) = prefix(at: 0)
        var lengths: [UInt64] = []
        if code == Opcode.chunk.rawValue, size <= UInt64(limits.record) {
            lengths.append(size + UInt64(Format.prefixSize))
        }
        var reader = ByteReader(input.window.extracting(Format.prefixSize...))
        guard let header = try? ChunkHeader(from: &reader), header.startTime <= header.endTime,
            ["", "lz4", "zstd"].contains(header.compression), header.storedSize <= UInt64(limits.record)
        else { return (lengths, (nil, nil)) }
        lengths.append(header.storedSize + UInt64(Format.prefixSize + reader.position))
        return (lengths, (header.startTime, header.endTime))
    }

    /// The opcode of what follows the current record, if anything does.
    var nextOpcode: UInt8? {
        input.available > taken ? prefixByte(at: taken) : nil
    }

    private func prefixByte(at position: Int) -> UInt8 {
        let input = input
        return input.window.unsafeLoad(fromByteOffset: position, as: UInt8.self)
    }

    /// The whole current record, opcode and length included.
    var record: RawSpan {
        @_lifetime(borrow self)
        get {
            // Safe: as for `content`.
            let span = RawSpan(_unsafeStart: input.unsafeBase, byteCount: Format.prefixSize + length)
            return _overrideLifetime(span, borrowing: self)
        }
    }

    /// Shortens the current record to `count` bytes of content; what follows is scanned again.
    func shorten(to count: Int) {
        taken = Format.prefixSize + count
    }

    /// Whether a file begins after the current record.
    func fileFollows() throws(MCAPError) -> Bool { try fileBegins(at: taken) }

    /// Whether magic and header of a file begin at an offset of the input.
    private func fileBegins(at position: Int) throws(MCAPError) -> Bool {
        guard input.available > position, prefixByte(at: position) == Format.magic[0] else { return false }
        try fill(position + Format.magic.count + Format.prefixSize + 64)
        return fileBeginsInWindow(at: position)
    }

    /// As far as the buffered bytes show.
    func fileBeginsInWindow(at position: Int) -> Bool {
        let start = position + Format.magic.count
        guard input.available >= start + Format.prefixSize,
            bytes(at: position, count: Format.magic.count) == Format.magic
        else { return false }
        return prefix(at: start).code == Opcode.header.rawValue
            && resembles(Opcode.header.rawValue, at: start, inDamage: false)
    }

    /// Everything after the current record, as one range.
    func rest() throws(MCAPError) -> Loss? {
        input.consume(taken)
        taken = 0
        let start = input.position
        let count = try read { () throws(ByteCodingError) in try input.skip(.max) }
        guard count > 0 else { return nil }
        return Loss(offset: start, length: count, messages: 0, reason: "\(count) bytes behind the footer")
    }

    private enum Judgement {
        case end
        case record
        case fileStart
        case oversized(UInt64)
        case damaged(String)
    }

    private func judge() throws(MCAPError) -> Judgement {
        let available = try fill(Format.prefixSize)
        if available == 0 { return .end }
        guard available >= Format.prefixSize else {
            return .damaged("cut off inside a record's opcode or length")
        }
        if try fileBegins(at: 0) { return .fileStart }
        let (code, size) = prefix(at: 0)
        guard code != 0 else { return .damaged("no record begins here: opcode 0") }
        if let end = input.size, size > end - min(end, input.position) {
            return .damaged("\(Self.name(code)) of \(size) bytes reaches past the end of the file")
        }
        guard size <= UInt64(limits.record) else { return try judgeLarge(code, size) }
        let whole = Format.prefixSize + Int(size)
        guard try fill(whole) >= whole else {
            return .damaged("\(Self.name(code)) of \(size) bytes is cut off")
        }
        if let inner = try covered(code, Int(size)) {
            let index = input.position + UInt64(inner)
            return .damaged("\(Self.name(code)) of \(size) bytes covers the record at byte \(index)")
        }
        accept(code, Int(size))
        return .record
    }

    /// The offset of a record inside the current one, which proves the current length wrong; nil if the
    /// length is accepted.
    ///
    /// A record that its own fields fill exactly is accepted, unless a chain of records crosses its end
    /// (bytes were cut out); any other is judged by what follows.
    private func covered(_ code: UInt8, _ size: Int) throws(MCAPError) -> Int? {
        let whole = Format.prefixSize + size
        switch judgeFields(size, code) {
        case true?: return try canFollow(code, at: whole) ? nil : crossing(whole)
        case nil where try canFollow(code, at: whole): return nil
        default: return candidate(from: 1, to: whole)
        }
    }

    /// Whether the fields of the record at the front prove it whole or not; nil if its successor decides.
    private func judgeFields(_ size: Int, _ code: UInt8) -> Bool? {
        let used = usedLength(size, code)
        if used == size { return true }
        // Unknown fields at a record's end are few bytes; many are other records.
        if let used, size - used > 256 { return false }
        return endsWithMagic(size) ? false : nil
    }

    /// A damaged length may reach to the end of the file, including the closing magic.
    private func endsWithMagic(_ size: Int) -> Bool {
        guard size >= Format.magic.count, input.size == input.position + UInt64(Format.prefixSize + size)
        else {
            return false
        }
        let start = Format.prefixSize + size - Format.magic.count
        return bytes(at: start, count: Format.magic.count) == Format.magic
    }

    private func accept(_ code: UInt8, _ size: Int) {
        opcode = code
        offset = input.position
        length = size
        taken = Format.prefixSize + size
        if code == Opcode.chunk.rawValue { sawChunk = true }
    }

    /// A record over the limit is sound, not damage, if its own fields fill it.
    private func judgeLarge(_ code: UInt8, _ size: UInt64) throws(MCAPError) -> Judgement {
        let isHostile = input.size == nil && size > 1 << 40
        if Opcode(rawValue: code) == nil, size < 1 << 48 {
            return isHostile ? .damaged("hostile length \(size)") : .oversized(size)
        }
        try fill(64 << 10)
        let isWhole =
            usedLength(Int(clamping: size), code).map { UInt64($0) == size }
            ?? (input.size != nil && !sawChunk)
        guard isWhole, !isHostile else {
            return .damaged("\(Self.name(code)) of \(size) bytes, the limit is \(limits.record)")
        }
        if code == Opcode.attachment.rawValue, skipsLargeAttachments { return .oversized(size) }
        throw overLimit(Self.name(code), size, limits.record, at: input.position)
    }

    /// The error for something sound that is larger than the limit.
    func overLimit(_ what: String, _ size: UInt64, _ limit: Int, at index: UInt64? = nil) -> MCAPError {
        .overLimit(name: input.name, offset: index ?? offset, what: what, size: size, limit: limit)
    }

    private func skipOversized(_ size: UInt64) throws(MCAPError) {
        let start = input.position
        let code = prefix(at: 0).code
        let whole = UInt64(Format.prefixSize) + size
        let count = try read { () throws(ByteCodingError) in try input.skip(whole) }
        guard count < whole else {
            if code == Opcode.attachment.rawValue { skippedAttachments += 1 } else { skippedStrangers += 1 }
            return
        }
        let reason = "\(Self.name(code)) of \(size) bytes is cut off"
        losses.append(Loss(offset: start, length: count, messages: 0, reason: reason))
    }

    /// Whether what begins at `position` of the window can follow a record of this kind.
    private func canFollow(_ code: UInt8, at position: Int) throws(MCAPError) -> Bool {
        if code == Opcode.footer.rawValue {
            let available = try fill(position + Format.magic.count)
            magicFollows =
                available >= position + Format.magic.count
                && bytes(at: position, count: Format.magic.count) == Format.magic
            return magicFollows
        }
        var position = position
        // Unknown kinds cannot be checked by their fields: they are judged by what follows them.
        for _ in 0..<4 {
            let available = try fill(position + Format.prefixSize + 64)
            guard available >= position + Format.prefixSize else { return true }
            let (next, size) = prefix(at: position)
            guard next != 0, size >= Self.leastSize(next), isWithin(size) else { return false }
            guard Opcode(rawValue: next) == nil else { return resembles(next, at: position, inDamage: false) }
            guard size <= 1 << 20, !reachesPastEnd(size, at: position) else { return false }
            position += Format.prefixSize + Int(size)
        }
        return false
    }

    /// Whether a record at an offset of the window is longer than the rest of the file, if known.
    private func reachesPastEnd(_ size: UInt64, at position: Int) -> Bool {
        guard let end = input.size else { return false }
        return input.position + UInt64(position + Format.prefixSize) + size > end
    }

    /// Whether a record of this length may be read, or skipped in what is left.
    private func isWithin(_ size: UInt64) -> Bool {
        if size <= UInt64(limits.record) { return true }
        guard let end = input.size else { return false }
        return size <= end - min(end, input.position)
    }

    /// Opcode and length at an offset of the filled window.
    func prefix(at position: Int) -> (code: UInt8, size: UInt64) {
        let input = input
        let window = input.window
        let size = window.unsafeLoadUnaligned(fromByteOffset: position + 1, as: UInt64.self)
        return (window.unsafeLoad(fromByteOffset: position, as: UInt8.self), UInt64(littleEndian: size))
    }

    func bytes(at position: Int, count: Int) -> [UInt8] {
        let input = input
        return input.window.extracting(position..<position + count).withUnsafeBytes { Array($0) }
    }

    @discardableResult
    func fill(_ count: Int) throws(MCAPError) -> Int {
        try read { () throws(ByteCodingError) in try input.fill(count) }
    }

    func read<Value>(_ body: () throws(ByteCodingError) -> Value) throws(MCAPError) -> Value {
        do {
            return try body()
        } catch {
            throw .file(error)
        }
    }

    static func leastSize(_ code: UInt8) -> UInt64 {
        switch Opcode(rawValue: code) {
        case .header: 8
        case .footer: 20
        case .schema: 14
        case .channel: 16
        case .message: 22
        case .chunk: 40
        case .messageIndex: 6
        case .chunkIndex: 64
        case .attachment: 36
        case .attachmentIndex: 48
        case .statistics: 46
        case .metadata: 8
        case .metadataIndex: 20
        case .summaryOffset: 17
        case .dataEnd: 4
        case nil: 0
        }
    }

    static func name(_ code: UInt8) -> String {
        guard let opcode = Opcode(rawValue: code) else {
            return "record of unknown kind \(Hexadecimal.text([code]))"
        }
        return "\(opcode) record"
    }
}
