import ByteCoding
import Exchanges
import Glibc
import MarketModel
import Recording

/// Writes a session's files: channels, chunks by time, synchronising, rotation, a full disk.
///
/// Used by one thread. Times are receive times, except those of ``tick(_:)``, which are monotonic; both in
/// nanoseconds.
final class LogWriter {
    /// The capture plan.
    let plan: CapturePlan
    private let start: Int64
    var output: ByteOutput?
    var writer: RecordingWriter?
    private var numbers: [[RecordingWriter.ChannelNumber]] = []
    /// The next sequence of each channel, by connection and, last, of the clock.
    private var sequences: [[UInt32]]
    /// The channels of REST replies, by connection: one a request.
    private var replies: [[ReplyChannel]]
    private var periodEnd = Int64.max
    /// File numbers skipped because other files use them.
    private var namesTaken = 0
    private static let greatestNamesTaken = 100_000
    var chunkOpened: Int64?
    private var needsSync = false
    private var lastSync: Int64 = 0
    /// When the file's existence was last checked.
    private var lastLook: Int64 = 0
    /// The size of the file's complete part.
    var soundPosition: UInt64 = 0
    /// The offset of the file's first message.
    var headEnd: UInt64 = 0
    var outage: DiskOutage
    /// The latest receive time.
    private(set) var lastTime: Int64

    /// The counts so far.
    var counts = LogCounts()
    /// Called for each connection when writing fails, and with the frames lost when it works again.
    var outageBegan: (_ connection: Int, _ time: Int64) -> Void = { _, _ in }
    var outageEnded: (_ connection: Int, _ frames: UInt64, _ time: Int64) -> Void = { _, _, _ in }
    /// Called when a new file has begun.
    var rotated: () -> Void = {}
    /// Receives the records of each complete chunk.
    var follower: LogFollower?
    /// Shows a warning to the user.
    var warn: (String) -> Void = { _ in }

    private static let suffixes: [FrameDirection] = [.received, .sent, .status]

    init(_ plan: CapturePlan, start: Int64) throws(CaptureError) {
        self.plan = plan
        self.start = start
        lastTime = start
        sequences = Array(repeating: [1, 1, 1], count: plan.connections.count) + [[1]]
        replies = Array(repeating: [], count: plan.connections.count)
        outage = DiskOutage(connections: plan.connections.count)
        do {
            try begin()
        } catch {
            throw .file(error.description)
        }
    }

    /// The file being written.
    var path: String { output?.name ?? "" }

    // MARK: - Files

    func begin() throws(RecordingError) {
        let output = try makeOutput()
        do {
            try begin(output)
        } catch {
            output.discard()
            throw error
        }
    }

    /// Opens a file under an unused name.
    private func makeOutput() throws(RecordingError) -> ByteOutput {
        while true {
            let path = path(of: counts.files + namesTaken + 1)
            do throws(ByteCodingError) {
                guard !LogFolder.holds(path) else {
                    throw .system(operation: "create", path: path, code: EEXIST)
                }
                return try ByteOutput(path: path)
            } catch {
                guard case .system(_, _, EEXIST) = error, namesTaken < Self.greatestNamesTaken else {
                    throw .file(error.description)
                }
                namesTaken += 1
            }
        }
    }

    private func path(of number: Int) -> String {
        let stamp = UnixTime.rfc3339(start, fractionDigits: 3).filter { $0 != "-" && $0 != ":" && $0 != "Z" }
        let name = stamp.split(separator: "T").joined(separator: "_")
        let digits = String(number)
        let padded = String(repeating: "0", count: max(0, 5 - digits.count)) + digits
        return "\(plan.folder)/\(name)-\(padded).mcap"
    }

    private func begin(_ output: ByteOutput) throws(RecordingError) {
        let facts = SessionFacts(start: start, details: plan.details)
        let writer = try RecordingWriter(output, session: facts, compression: plan.compression)
        var numbers: [[RecordingWriter.ChannelNumber]] = []
        for (position, connection) in plan.connections.enumerated() {
            numbers.append(try channels(of: connection, position, writer))
        }
        numbers.append([try writer.add(.clock, firstSequence: sequences[plan.connections.count][0])])
        forEachReplyChannel { $0.number = nil }
        try writer.closeChunk()
        (self.writer, self.numbers) = (writer, numbers)
        do {
            try flush(output)
        } catch {
            (self.writer, self.numbers) = (nil, [])
            throw error
        }
        self.output = output
        headEnd = soundPosition
        counts.files += 1
        if let length = plan.rotation.length {
            periodEnd = (UnixTime.floorDivide(lastTime, length) + 1) * length
        }
    }

    private func channels(
        of connection: CapturePlan.Connection,
        _ position: Int,
        _ writer: RecordingWriter
    ) throws(RecordingError) -> [RecordingWriter.ChannelNumber] {
        var numbers: [RecordingWriter.ChannelNumber] = []
        for (index, direction) in Self.suffixes.enumerated() {
            var channel = FrameChannel(
                exchange: connection.exchange.name,
                market: connection.market.rawValue,
                slot: "c\(position)",
                direction: direction
            )
            channel.endpoint = connection.address
            channel.protocolID = connection.exchange.protocolID
            channel.subscriptions = connection.subscriptionText
            channel.redundant = connection.redundant ?? ""
            numbers.append(try writer.add(channel, firstSequence: sequences[position][index]))
        }
        return numbers
    }

    private func forEachReplyChannel(_ body: (inout ReplyChannel) -> Void) {
        for position in replies.indices {
            for index in replies[position].indices { body(&replies[position][index]) }
        }
    }

    /// The channel of the replies to a request; added to the file with the first of them.
    private func replyChannel(
        _ path: String,
        _ position: Int,
        _ writer: RecordingWriter
    ) throws(RecordingError) -> RecordingWriter.ChannelNumber {
        let found = replies[position].firstIndex { $0.path == path }
        let index = found ?? replies[position].count
        if found == nil { replies[position].append(ReplyChannel(path: path)) }
        if let number = replies[position][index].number { return number }
        let connection = plan.connections[position]
        var channel = FrameChannel(
            exchange: connection.exchange.name,
            market: connection.market.rawValue,
            slot: "c\(position)",
            direction: .http
        )
        channel.endpoint = connection.restAddress ?? ""
        channel.protocolID = connection.exchange.protocolID
        channel.request = path
        channel.redundant = connection.redundant ?? ""
        let number = try writer.add(channel, firstSequence: replies[position][index].sequence)
        replies[position][index].number = number
        return number
    }

    /// Flushes to the operating system; up to here the file is complete.
    func flush(_ output: ByteOutput) throws(RecordingError) {
        do {
            try output.flush()
        } catch {
            throw .file(error.description)
        }
        soundPosition = output.position
        outage.settled()
        follower?.release()
        keepSequences()
        needsSync = true
    }

    private func finish(_ reason: String) throws(RecordingError) {
        guard let writer, let output else { return }
        guard !output.isRemoved else { return loseRemovedFile() }
        try writer.finish(reason: reason)
        try flush(output)
        do {
            try output.finish(replacing: false)
        } catch {
            // The file is complete but not renamed: nothing is lost.
            keepPartial(output, "\(error); the file is whole under this name")
        }
        counts.bytes += output.position
        (self.writer, self.output, chunkOpened) = (nil, nil, nil)
        outage.fileEnded()
    }

    /// A file stays under its `.partial` name.
    func keepPartial(_ output: ByteOutput, _ reason: String) {
        counts.torn.append(LogCounts.Torn(path: output.name + ".partial", reason: reason))
        warn("\(output.name).partial: \(reason)")
    }

    /// Commits the sequences written so far; frames lost to a full disk use none.
    private func keepSequences() {
        guard let writer else { return }
        for position in numbers.indices {
            for index in numbers[position].indices {
                sequences[position][index] = writer.nextSequence(of: numbers[position][index])
            }
        }
        forEachReplyChannel { channel in
            if let number = channel.number { channel.sequence = writer.nextSequence(of: number) }
        }
    }

    // MARK: - Frames

    /// Writes an entry of the queue, or counts it as lost.
    func write(_ kind: FrameQueue.Kind, _ connection: Int, _ time: Int64, _ bytes: RawSpan) {
        lastTime = max(lastTime, time)
        if kind == .received { counts.frameBytes += UInt64(bytes.byteCount) }
        if writer != nil, lastTime >= periodEnd || isFull {
            do { try rotate() } catch { suspend("\(error)") }
        }
        guard writer != nil else {
            return lose(kind, connection, bytes)
        }
        do { try append(kind, connection, lastTime, bytes) } catch { suspend("\(error)") }
    }

    private var isFull: Bool {
        guard let limit = plan.rotationSize, let writer else { return false }
        return writer.position >= limit
    }

    func append(
        _ kind: FrameQueue.Kind,
        _ connection: Int,
        _ time: Int64,
        _ bytes: RawSpan
    ) throws(RecordingError) {
        guard let writer else { return }
        let before = writer.position
        let number = try number(of: kind, connection, bytes, writer)
        // Counted first: if the disk is full, all of the incomplete chunk is lost.
        if kind == .received { counts.frames += 1 }
        outage.wrote(kind, connection, bytes)
        follower?.hold(kind, connection, time, bytes)
        try writer.write(kind == .reply ? LoggedReply.body(in: bytes) : bytes, on: number, at: time)
        if chunkOpened == nil { chunkOpened = Monotonic.now() }
        if writer.position != before {
            chunkOpened = nil
            if let output { try flush(output) }
        }
    }

    private func number(
        of kind: FrameQueue.Kind,
        _ connection: Int,
        _ bytes: RawSpan,
        _ writer: RecordingWriter
    ) throws(RecordingError) -> RecordingWriter.ChannelNumber {
        switch kind {
        case .clock: numbers[plan.connections.count][0]
        case .reply: try replyChannel(LoggedReply.path(in: bytes), connection, writer)
        default: numbers[connection][Int(kind.rawValue)]
        }
    }

    private func rotate() throws(RecordingError) {
        try finish("rotated")
        guard writer == nil else { return }
        try begin()
        rotated()
    }

    // MARK: - Time

    /// Closes an old chunk, syncs, and retries after a full disk.
    func tick(_ now: Int64) {
        do {
            if writer == nil { return resume(now) }
            if let opened = chunkOpened, now - opened >= plan.chunkInterval {
                try writer?.closeChunk()
                chunkOpened = nil
                if let output { try flush(output) }
            }
            if now - lastLook >= UnixTime.second {
                lastLook = now
                if output?.isRemoved == true { return loseRemovedFile() }
            }
            if needsSync, now - lastSync >= UnixTime.second {
                (needsSync, lastSync) = (false, now)
                do {
                    try output?.synchronize()
                } catch {
                    throw RecordingError.file(error.description)
                }
            }
        } catch {
            suspend("\(error)")
        }
    }

    /// Ends the session; losses by a full disk now are recorded in one more file, if there is room.
    func end(_ reason: String) {
        for _ in 0..<3 {
            if writer == nil { resume(Int64.max - UnixTime.second, isLast: true) }
            do {
                try finish(reason)
                // A removed file is followed by one that records the loss.
                if writer == nil { return }
            } catch {
                suspend("\(error)")
            }
        }
    }
}
