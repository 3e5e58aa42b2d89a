public import ByteCoding
public import MarketModel

/// Imports frames of other captures into a recording: collected, timed, sorted, written.
///
/// Frames are held in memory up to 64 MiB and beyond that sorted in a temporary file, so memory is bounded.
public final class ImportSession {
    /// A line that was skipped, or an input that ended early.
    public struct Problem: Equatable, Sendable {
        /// The input.
        public var path: String
        /// The line, from 1; nil for the whole input.
        public var line: Int?
        /// What is wrong.
        public var reason: String
    }

    /// The first problems; at most 100 are kept.
    public private(set) var problems: [Problem] = []
    /// How many problems there were.
    public private(set) var problemCount = 0
    /// How many frames and statuses were imported.
    public private(set) var count = 0
    /// Bytes of their frames.
    private(set) var frameBytes: UInt64 = 0
    /// How many connections continue one of the predecessor's.
    public var continuedConnections: Int { connections.count { $0.continued != nil } }
    /// The receive time of the first frame: nanoseconds since the Unix epoch; nil while none is known.
    public var start: Int64? { frames.least.map { Int64(clamping: $0) } }
    /// Characters of frames that stood for no bytes and became U+FFFD.
    public private(set) var replacedCharacters = 0

    let rules: ImportRules
    let markets: [String: Market]
    let defaultMarket: Market?
    let subscribed: FeedKinds
    /// What the import continues; nil if it is a session of its own.
    public let predecessor: ImportPredecessor?
    /// The imported frames, by time.
    let frames: SpillSorter
    /// Leading frames without a time, held until the first known one.
    private let waiting = SpillSorter(memory: 1 << 20)
    private var firstKnown: Int64?
    var connections: [Connection] = []
    private var indexes: [String: Int] = [:]
    var formats: [ImportFormat] = []

    /// A connection, or a topic that belongs to none, such as the clock.
    struct Connection {
        var name: String
        var isNamed: Bool
        var isTopic = false
        var market: Market?
        var probe: (any MarketProbe)? = nil
        var endpoint = ""
        var channels: [ImportedChannel] = []
        var epoch: UInt64 = 0
        /// The predecessor's connection that it continues.
        var continued: FrameChannel?
    }

    /// Begins an import.
    ///
    /// - Parameters:
    ///   - rules: what is to be known of the exchange.
    ///   - markets: markets by connection name.
    ///   - defaultMarket: the market of every other connection; nil = by the frames.
    ///   - subscribed: kinds that count as subscribed from each connection's first frame.
    ///   - predecessor: the recording that this one continues; nil = none.
    ///   - memory: bytes of frames kept in memory.
    public init(
        rules: ImportRules,
        markets: [String: Market] = [:],
        defaultMarket: Market? = nil,
        subscribed: FeedKinds = [],
        predecessor: ImportPredecessor? = nil,
        memory: Int = 64 << 20
    ) {
        self.rules = rules
        self.markets = markets
        self.defaultMarket = defaultMarket ?? (rules.markets.count == 1 ? rules.markets.first : nil)
        self.subscribed = subscribed
        frames = SpillSorter(memory: memory)
        self.predecessor = predecessor
    }

    /// Imports all lines of a file (plain, gzip or zstd; `-` is standard input).
    ///
    /// A line that cannot be read is skipped and reported as a problem, and so is a compressed file that
    /// ends early.
    /// - Throws: ``RecordingError`` if the file cannot be opened or its format is unknown.
    public func add(
        path: String,
        format: ImportFormat? = nil,
        progress: (UInt64) -> Void = { _ in }
    ) throws(RecordingError) {
        let input: ByteInput
        do {
            input = try ByteInput(path: path, expansion: .automatic)
        } catch {
            throw .file(error.description)
        }
        try add(input, format: format, progress: progress)
    }

    /// Imports all lines of an input.
    public func add(
        _ input: ByteInput,
        format: ImportFormat? = nil,
        progress: (UInt64) -> Void = { _ in }
    ) throws(RecordingError) {
        let reader = LineReader(input)
        var parser: Parser?
        var isBegun = false
        while true {
            do {
                // In UTF-8 a byte order mark has no meaning.
                if !isBegun {
                    isBegun = true
                    if try input.fill(3) >= 3, Self.starts(input.window, with: [0xef, 0xbb, 0xbf]) {
                        input.consume(3)
                    }
                }
                if parser == nil { parser = try self.parser(reader, format, input.name) }
                if let parser { try readLines(reader, parser, input, progress) }
                return
            } catch let error as RecordingError {
                throw error
            } catch {
                guard goesOn(input, parser, behind: error) else { return }
            }
        }
    }

    /// Reports a loss; returns whether lines follow the damage.
    private func goesOn(_ input: ByteInput, _ parser: Parser?, behind error: any Error) -> Bool {
        guard let found = try? input.resume() else {
            // What was read before is kept; the rest is reported as missing.
            report(Problem(path: input.name, line: nil, reason: "\(error); what follows is missing"))
            return false
        }
        let lost = found.resumesAt - min(found.resumesAt, found.failedAt)
        let reason =
            "\(error), at byte \(found.failedAt): the line it cuts off and \(lost) bytes are left out; "
            + "reading goes on at byte \(found.resumesAt), where the next member begins"
        report(Problem(path: input.name, line: nil, reason: reason))
        if let parser { reportDrop(parser) }
        return true
    }

    /// Frames are missing here, of unknown connections of the input.
    private func reportDrop(_ parser: Parser) {
        guard let time = parser.previous else { return }
        for index in parser.connections.sorted() where connections[index].channels.contains(.received) {
            let record = StatusRecord(
                .dropped,
                epoch: max(connections[index].epoch, 1),
                reason: "lines lost in a damaged file"
            )
            try? write(Array(record.json.utf8).span.bytes, index, .status, time)
            count -= 1
        }
    }

    /// A parser for the given format or that of the first non-empty line; nil without lines.
    private func parser(
        _ reader: LineReader,
        _ format: ImportFormat?,
        _ path: String
    ) throws -> Parser? {
        let name = Self.connectionName(path)
        if let format {
            remember(format)
            return Parser(format, name)
        }
        var blanks = 0
        while try reader.advance() {
            guard let found = ImportLineParser.format(of: reader.line) else {
                guard reader.line.byteCount == 0 else {
                    let kind = Self.kind(of: reader.line).map { "this is \($0)" }
                    throw RecordingError.unknownFormat(
                        path: path,
                        reason: kind ?? "line \(reader.number) is of no known format"
                    )
                }
                blanks += 1
                continue
            }
            remember(found)
            let parser = Parser(found, name)
            parser.holdsLine = true
            return parser
        }
        return nil
    }

    /// Recognizes other files that are sometimes passed to an import by mistake, by their first bytes.
    private static func kind(of line: RawSpan) -> String? {
        let kinds: [(magic: [UInt8], name: String)] = [
            ([0x89, 0x4d, 0x43, 0x41, 0x50], "an MCAP file already; export slices and merges those"),
            ([0x50, 0x41, 0x52, 0x31], "a Parquet file; frames are wanted"),
            ([0xfd, 0x37, 0x7a, 0x58], "an xz file; expand it first"),
            ([0x42, 0x5a, 0x68], "a bzip2 file; expand it first"),
        ]
        return kinds.first { starts(line, with: $0.magic) }?.name
    }

    private static func starts(_ bytes: RawSpan, with magic: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { $0.starts(with: magic) }
    }

    /// A parser and its first line.
    private final class Parser {
        var lines: ImportLineParser
        let name: String
        var holdsLine = false
        var previous: Int64?
        /// Indexes of the connections that the input has lines of.
        var connections: Set<Int> = []

        init(_ format: ImportFormat, _ name: String) {
            lines = ImportLineParser(format)
            self.name = name
        }
    }

    private func remember(_ format: ImportFormat) {
        if !formats.contains(format) { formats.append(format) }
    }

    private func readLines(
        _ reader: LineReader,
        _ parser: Parser,
        _ input: ByteInput,
        _ progress: (UInt64) -> Void
    ) throws {
        while true {
            if !parser.holdsLine, try !reader.advance() { return }
            parser.holdsLine = false
            if reader.number & 0x3fff == 0 { progress(input.position) }
            do throws(JSONCursor.Fault) {
                guard let line = try parser.lines.parse(reader.line) else { continue }
                try write(line, parser)
            } catch {
                report(Problem(path: input.name, line: reader.number, reason: error.reason))
            }
        }
    }

    private func write(_ line: ImportLine, _ parser: Parser) throws(JSONCursor.Fault) {
        let isNamed = parser.lines.format == .jsonl
        let name = isNamed ? parser.lines.connection.text : parser.name
        let isTopic = line.direction == .clock || line.direction == .other
        let index = try connection(name, isNamed: isNamed, isTopic: isTopic)
        parser.connections.insert(index)
        if !line.endpoint.isEmpty, connections[index].endpoint.isEmpty, line.direction != .http {
            connections[index].endpoint = line.endpoint
        }
        replacedCharacters += line.replaced
        let frame = RawSpan(_unsafeStart: parser.lines.frame.unsafeBase, byteCount: parser.lines.frame.count)
        let time = resolve(line, frame, parser.previous)
        if let time { parser.previous = max(parser.previous ?? time, time) }
        if let status = line.status {
            try writeStatus(status, index, time ?? parser.previous)
        } else {
            if line.direction == .received { observe(frame, index) }
            try write(frame, index, ImportedChannel(line.direction, line.request), time)
        }
    }

    /// A missing receive time becomes the frame's venue time, but never before the input's previous time.
    private func resolve(_ line: ImportLine, _ frame: RawSpan, _ previous: Int64?) -> Int64? {
        if let time = line.time { return time }
        guard line.status == nil, line.direction == .received, let venue = rules.venueTime(frame), venue >= 0
        else { return previous }
        return max(previous ?? venue, venue)
    }

    private func writeStatus(
        _ state: ConnectionStatus,
        _ index: Int,
        _ time: Int64?
    ) throws(JSONCursor.Fault) {
        if state == .connected {
            if connections[index].epoch > 0 {
                let lost = StatusRecord(
                    .disconnected,
                    epoch: connections[index].epoch,
                    reason: "implied by the next connection"
                )
                try write(Array(lost.json.utf8).span.bytes, index, .status, time)
            }
            connections[index].epoch += 1
        }
        let epoch = max(connections[index].epoch, 1)
        let record = StatusRecord(state, epoch: epoch)
        try write(Array(record.json.utf8).span.bytes, index, .status, time)
    }

    private func write(
        _ bytes: RawSpan,
        _ index: Int,
        _ channel: ImportedChannel,
        _ time: Int64?
    ) throws(JSONCursor.Fault) {
        let number = connections[index].channels.firstIndex(of: channel) ?? connections[index].channels.count
        if number == connections[index].channels.count { connections[index].channels.append(channel) }
        do {
            if firstKnown == nil, let time { try release(at: time) }
            let into = time == nil && firstKnown == nil ? waiting : frames
            try into.add(UInt64(clamping: time ?? firstKnown ?? 0)) { record in
                ImportedFrame.append(bytes, UInt16(truncatingIfNeeded: index), number, to: &record)
            }
        } catch {
            throw JSONCursor.Fault(reason: error.description)
        }
        count += 1
        frameBytes += UInt64(bytes.byteCount)
    }

    /// Gives the leading frames the first known time.
    private func release(at time: Int64) throws(ByteCodingError) {
        firstKnown = time
        let waiting = waiting
        while try waiting.advance() {
            try frames.add(UInt64(clamping: time)) { $0.append(waiting.bytes) }
        }
    }

    /// Whether there are frames, none with a known time.
    var hasNoTimes: Bool { firstKnown == nil && count > 0 }

    private func connection(
        _ name: String,
        isNamed: Bool,
        isTopic: Bool
    ) throws(JSONCursor.Fault) -> Int {
        let key = isTopic ? "topic \(name)" : "connection \(name)"
        if let found = indexes[key] { return found }
        guard connections.count < Self.mostConnections else {
            throw JSONCursor.Fault(reason: "more than \(Self.mostConnections) connections")
        }
        var connection = Connection(
            name: name,
            isNamed: isNamed,
            isTopic: isTopic,
            market: markets[name] ?? defaultMarket
        )
        if !isTopic { beginConnection(&connection) }
        if connection.market == nil, !isTopic { connection.probe = rules.makeProbe() }
        indexes[key] = connections.count
        connections.append(connection)
        return connections.count - 1
    }

    /// A file has at most 65,535 channels, and a connection up to four.
    private static let mostConnections = 16_000

    /// Finds the predecessor's connection that this one continues, by name and, if known, market.
    ///
    /// Formats without names have one connection a file: these are matched in order.
    private func beginConnection(_ connection: inout Connection) {
        guard let predecessor else { return }
        let name = connection.isNamed ? connection.name : nil
        var found = predecessor.connections(named: name, exchange: rules.exchange)
        if let market = connection.market { found.removeAll { $0.market != market.rawValue } }
        found.removeAll { one in connections.contains { $0.continued?.isConnection(of: one) == true } }
        // Two markets with one name: the flags must say which.
        guard let first = found.first, found.count == 1 || name == nil else { return }
        connection.continued = first
        connection.market = Market(rawValue: first.market)
        connection.epoch = predecessor.lane(.status, of: first)?.epoch ?? 0
    }

    private func observe(_ frame: RawSpan, _ index: Int) {
        guard connections[index].market == nil, var probe = connections[index].probe else { return }
        probe.observe(frame)
        connections[index].probe = probe
        connections[index].market = probe.market
    }

    private func report(_ problem: Problem) {
        problemCount += 1
        if problems.count < 100 { problems.append(problem) }
    }

    /// The file's name without folders and extensions, which names its connection in formats without names.
    static func connectionName(_ path: String) -> String {
        let file = path.split(separator: "/").last.map(String.init) ?? path
        for ending in [".gz", ".zst", ".jsonl", ".ndjson", ".txt"] where file.hasSuffix(ending) {
            return connectionName(String(file.dropLast(ending.count)))
        }
        return file
    }
}
