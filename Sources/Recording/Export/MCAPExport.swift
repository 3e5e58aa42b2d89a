public import ByteCoding
import MCAP

/// Writes frames of recordings into one MCAP file: slices, merges, other compression.
///
/// A channel goes on through the files of one session; those of other sessions stay apart, whatever their topics.
/// Counters close up over frames left out on purpose, so that a jump still means a frame that is lost.
public final class MCAPExport {
    private let writer: MCAPWriter
    private let readers: [RecordingReader]
    private var ids: [ObjectIdentifier: [UInt16?]] = [:]
    private var channels: [OwnedChannel] = []
    private var schemas: [Schema] = []

    /// A channel of the new file and the recording it came from first.
    private struct OwnedChannel {
        var channel: Channel
        var reader: RecordingReader
        /// Frames of it left out so far.
        var leftOut: UInt32 = 0
    }

    /// Frames written.
    public private(set) var frames: UInt64 = 0

    /// Begins a file in the profile of the first recording, with the session's facts of each.
    ///
    /// - Throws: ``RecordingError/file(_:)`` if the output cannot be written.
    public init(
        _ output: ByteOutput,
        of readers: [RecordingReader],
        compression: RecordingWriter.Compression
    ) throws(RecordingError) {
        self.readers = readers
        var options = WriterOptions()
        options.compression = compression.chunks
        options.repeatsChannelsInChunks = true
        let profiles = readers.map(\.profile)
        let profile = profiles.first ?? RecordingWriter.profile
        do {
            writer = try MCAPWriter(
                output,
                header: Header(
                    profile: profiles.allSatisfy { $0 == profile } ? profile : "",
                    library: RecordingWriter.library
                ),
                options: options
            )
            for reader in readers {
                guard let facts = reader.sessionFacts else { continue }
                try writer.write(facts)
            }
        } catch {
            throw .file(error.description)
        }
    }

    /// Writes the frame a reader stands on.
    public func write(_ reader: RecordingReader) throws(RecordingError) {
        do {
            let id = try id(reader)
            let header = MessageHeader(
                channelID: id,
                sequence: reader.sequence &- channels[Int(id)].leftOut,
                logTime: reader.rawLogTime,
                publishTime: reader.rawPublishTime
            )
            try writer.write(header, data: reader.bytes)
            frames += 1
        } catch {
            throw .file(error.description)
        }
    }

    /// Leaves out the frame a reader stands on: the counter of its channel closes up over it.
    public func leaveOut(_ reader: RecordingReader) throws(RecordingError) {
        do {
            channels[Int(try id(reader))].leftOut &+= 1
        } catch {
            throw .file(error.description)
        }
    }

    /// Writes the attachments and metadata records of the recordings, whatever the slice, and the summary.
    public func finish() throws(RecordingError) {
        do {
            for reader in readers {
                var facts = reader.sessionFacts
                for record in reader.extras { try write(record, leavingOut: &facts) }
                guard FileReader.isRegularFile(reader.path) else { continue }
                var records = ExtraRecords(try ByteInput(path: reader.path), limits: reader.limits)
                while let record = try records.next() { try write(record, leavingOut: &facts) }
            }
            try writer.finish()
        } catch {
            throw .file("\(error)")
        }
    }

    /// Writes a record unless it is the session's facts, which stand at the head.
    private func write(_ record: ExtraRecord, leavingOut facts: inout Metadata?) throws(MCAPError) {
        switch record {
        case .attachment(let attachment): try writer.write(attachment)
        case .metadata(let metadata):
            guard metadata != facts else {
                facts = nil
                return
            }
            try writer.write(metadata)
        }
    }

    private func id(_ reader: RecordingReader) throws(MCAPError) -> UInt16 {
        let key = ObjectIdentifier(reader)
        let place = reader.channelIndex
        if let known = ids[key], place < known.count, let id = known[place] { return id }
        let id = try declare(reader)
        var own = ids[key] ?? []
        while own.count <= place { own.append(nil) }
        own[place] = id
        ids[key] = own
        return id
    }

    private func declare(_ reader: RecordingReader) throws(MCAPError) -> UInt16 {
        var channel = reader.containerChannel
        channel.schemaID = try declareSchema(reader.containerSchema)
        for known in channels {
            channel.id = known.channel.id
            if known.channel == channel, Self.continues(reader, known.reader) { return channel.id }
        }
        guard channels.count < Int(UInt16.max) else {
            throw .unwritable(name: writer.output.name, reason: "more than 65535 channels")
        }
        channel.id = UInt16(channels.count)
        channels.append(OwnedChannel(channel: channel, reader: reader))
        try writer.add(channel)
        return channel.id
    }

    /// Whether a recording is another file of the same session.
    private static func continues(_ reader: RecordingReader, _ other: RecordingReader) -> Bool {
        reader !== other && reader.isPartOfSession && other.isPartOfSession
            && reader.sessionStart == other.sessionStart
    }

    private func declareSchema(_ schema: Schema?) throws(MCAPError) -> UInt16 {
        guard var schema else { return 0 }
        for known in schemas {
            schema.id = known.id
            if known == schema { return known.id }
        }
        guard schemas.count < Int(UInt16.max) else {
            throw .unwritable(name: writer.output.name, reason: "more than 65535 schemas")
        }
        schema.id = UInt16(schemas.count + 1)
        schemas.append(schema)
        try writer.add(schema)
        return schema.id
    }
}

/// Writes frames as JSON lines `{"recv_ns","conn","frame"}`, which an import reads back; frames that were
/// not received carry `"dir"`.
public final class JSONLinesExport {
    private let output: ByteOutput
    private var line = ByteBuffer()
    private var names: [ObjectIdentifier: [String?]] = [:]
    private var taken: [(name: String, channel: FrameChannel)] = []

    /// Frames written.
    public private(set) var frames: UInt64 = 0

    /// Begins a text.
    public init(_ output: ByteOutput) { self.output = output }

    /// Writes the frame a reader stands on.
    public func write(_ reader: RecordingReader) throws(RecordingError) {
        line.removeAll()
        line.append(utf8: "{\"recv_ns\":\(reader.time),\"conn\":\(name(reader))")
        let direction = reader.channel.direction
        if direction != .received { line.append(utf8: ",\"dir\":\"\(direction.rawValue)\"") }
        line.append(utf8: ",\"frame\":")
        FrameJSON.appendLosslessText(reader.bytes, to: &line)
        line.append(utf8: "}\n")
        do {
            try output.write(RawSpan(_unsafeStart: line.unsafeBase, byteCount: line.count))
        } catch {
            throw .file(error.description)
        }
        frames += 1
    }

    /// The connection's name, quoted: as it was imported, or its slot; with the market where two would be one.
    private func name(_ reader: RecordingReader) -> String {
        let key = ObjectIdentifier(reader)
        let place = reader.channelIndex
        if let known = names[key], place < known.count, let name = known[place] { return name }
        let channel = reader.channel
        let simple = channel.connection.isEmpty ? channel.slot : channel.connection
        let owner = taken.first { $0.name == simple }
        let isFree = owner.map { $0.channel.isConnection(of: channel) } ?? true
        let name =
            simple.isEmpty
            ? channel.topic : isFree ? simple : "\(channel.exchange)/\(channel.market)/\(channel.slot)"
        if owner == nil { taken.append((simple, channel)) }
        var own = names[key] ?? []
        while own.count <= place { own.append(nil) }
        own[place] = JSONText.quoted(name)
        names[key] = own
        return JSONText.quoted(name)
    }
}
