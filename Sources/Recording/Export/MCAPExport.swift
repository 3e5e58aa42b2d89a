public import ByteCoding
import MCAP
import MarketModel

/// Writes frames of recordings into one MCAP file: slices, merges, other compression.
///
/// A channel continues through the files of its session; other sessions get channels of their own, in
/// another slot if theirs is in use. Counters skip frames left out on purpose, so that a jump still means a
/// lost frame.
public final class MCAPExport {
    private let writer: MCAPWriter
    private let readers: [RecordingReader]
    /// The channel of the new file for each channel of each file.
    private var ids: [[UInt16?]]
    private var channels: [OwnedChannel] = []
    private var schemas: [Schema] = []
    private var connections = ExportedConnections()
    /// The slot of each connection in the new file, within its exchange and market.
    private var slots: [String?] = []

    /// A channel of the new file.
    private struct OwnedChannel {
        var channel: Channel
        /// Its first file, and its session.
        var file: Int
        var session: Int
        /// Its frames left out so far, minus those inserted.
        var leftOut: UInt32 = 0
        /// The counter of its last frame.
        var sequence: UInt32 = 0
    }

    /// Frames written, not counting inserted statuses.
    public private(set) var frames: UInt64 = 0

    /// Begins a file in the profile of the first recording, with the session's facts of each.
    ///
    /// - Throws: ``RecordingError/file(_:)`` if the output cannot be written.
    public init(
        _ output: ByteOutput,
        of merge: RecordingMerge,
        compression: RecordingWriter.Compression
    ) throws(RecordingError) {
        readers = merge.readers
        var options = WriterOptions()
        options.compression = compression.chunks
        options.repeatsChannelsInChunks = true
        ids = Array(repeating: [], count: merge.readers.count)
        let profiles = merge.readers.map(\.profile)
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
            for reader in merge.readers {
                guard let facts = reader.sessionFacts else { continue }
                try writer.write(facts)
            }
        } catch {
            throw .file(error.description)
        }
    }

    /// Writes what a merge reports since its last frame: a status for an ended session, a record for lost
    /// frames.
    public func writeChanges(_ merge: RecordingMerge) throws(RecordingError) {
        do {
            for file in merge.lossyFiles {
                try writer.write(Recovery.lossMetadata(of: "frames of file \(file + 1) of those exported"))
            }
            guard let session = merge.endedSession else { return }
            for connection in connections.end(session: session) {
                try write(.sessionEnd, of: connection, session, at: merge.previousTime)
            }
        } catch {
            throw .file(error.description)
        }
    }

    /// Writes a merge's current frame.
    public func write(_ reader: RecordingReader, of merge: RecordingMerge) throws(RecordingError) {
        do {
            let id = try id(reader, merge)
            if let index = connections.register(reader, ofFile: merge.index ?? 0, in: merge.session) {
                _ = connections.loss(of: reader, connection: index)
            }
            let header = MessageHeader(
                channelID: id,
                sequence: reader.sequence &- channels[Int(id)].leftOut,
                logTime: reader.rawLogTime,
                publishTime: reader.rawPublishTime
            )
            channels[Int(id)].sequence = header.sequence
            try writer.write(header, data: reader.bytes)
            frames += 1
        } catch {
            throw .file(error.description)
        }
    }

    /// Skips a merge's current frame; its channel's counter does not count it.
    public func leaveOut(_ reader: RecordingReader, of merge: RecordingMerge) throws(RecordingError) {
        do {
            channels[Int(try id(reader, merge))].leftOut &+= 1
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

    /// Writes a record unless it is the session's facts, which are at the start.
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

    private func id(_ reader: RecordingReader, _ merge: RecordingMerge) throws(MCAPError) -> UInt16 {
        let (file, index) = (merge.index ?? 0, reader.channelIndex)
        if index < ids[file].count, let id = ids[file][index] { return id }
        let id = try declare(reader, ofFile: file, merge)
        while ids[file].count <= index { ids[file].append(nil) }
        ids[file][index] = id
        return id
    }

    private func declare(
        _ reader: RecordingReader,
        ofFile file: Int,
        _ merge: RecordingMerge
    ) throws(MCAPError) -> UInt16 {
        var channel = reader.containerChannel
        channel.schemaID = try declareSchema(reader.containerSchema)
        if let connection = connections.register(reader, ofFile: file, in: merge.session) {
            channel.topic = topic(reader.channel.direction, of: connection)
        }
        for known in channels where known.file != file && known.session == merge.session {
            channel.id = known.channel.id
            if known.channel == channel { return channel.id }
        }
        return try add(channel, ofFile: file, merge.session)
    }

    private func add(_ channel: Channel, ofFile file: Int, _ session: Int) throws(MCAPError) -> UInt16 {
        guard channels.count < Int(UInt16.max) else {
            throw .unwritable(name: writer.output.name, reason: "more than 65535 channels")
        }
        var channel = channel
        channel.id = UInt16(channels.count)
        channels.append(OwnedChannel(channel: channel, file: file, session: session))
        try writer.add(channel)
        return channel.id
    }

    /// The topic of a connection's channel in the new file: its own, unless a continuing session uses it.
    private func topic(_ direction: FrameDirection, of connection: Int) -> String {
        while slots.count <= connection { slots.append(nil) }
        let own = connections.all[connection].channel
        var (name, number) = (own.slot, 1)
        let full = { (slot: String) in "\(own.exchange)/\(own.market)/\(slot)" }
        if let known = slots[connection] {
            name = known
        } else {
            let taken = zip(slots, connections.all).map { slot, connection in
                slot.map { "\(connection.channel.exchange)/\(connection.channel.market)/\($0)" }
            }
            while connections.owner(among: taken, of: full(name)) != nil {
                number += 1
                name = "\(own.slot)-\(number)"
            }
            slots[connection] = name
        }
        return FrameChannel(exchange: own.exchange, market: own.market, slot: name, direction: direction)
            .topic
    }

    /// Inserts a status; the channel's counters continue after it.
    private func write(
        _ status: StatusRecord,
        of connection: Int,
        _ session: Int,
        at time: UInt64
    ) throws(MCAPError) {
        let topic = topic(.status, of: connection)
        var id = channels.last { $0.channel.topic == topic && $0.session == session }?.channel.id
        if id == nil {
            let channel = FrameChannel(topic: topic).channel(id: 0, encoding: "json")
            id = try add(channel, ofFile: -1, session)
        }
        guard let id else { return }
        channels[Int(id)].sequence &+= 1
        channels[Int(id)].leftOut &-= 1
        let sequence = channels[Int(id)].sequence
        let header = MessageHeader(channelID: id, sequence: sequence, logTime: time, publishTime: time)
        try writer.write(header, data: Array(status.json.utf8).span.bytes)
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
