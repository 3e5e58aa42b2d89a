public import ByteCoding
import MCAP
import MarketModel

/// Writes frames as JSON lines `{"recv_ns","conn","frame"}`, which an import reads back; frames that were
/// not received carry `"dir"`, and replies to one request its path as `"rest"`.
///
/// The lines carry no counters: a status `dropped` marks missing frames.
public final class JSONLinesExport {
    private let output: ByteOutput
    private var line = GrowableBytes()
    private var connections = ExportedConnections()
    /// The name of each connection, plain and as JSON.
    private var names: [String?] = []
    private var quoted: [String] = []

    /// Frames written, not counting inserted statuses.
    public private(set) var frames: UInt64 = 0

    /// Starts an export.
    public init(_ output: ByteOutput) { self.output = output }

    /// Writes what a merge reports since its last frame: ended sessions and lost frames.
    public func writeChanges(_ merge: RecordingMerge) throws(RecordingError) {
        for file in merge.lossyFiles {
            for connection in connections.lose(merge.readers[file], of: merge.sessions[file]) {
                try write(.logLoss(nil), of: connection, at: merge.previousTime)
            }
        }
        guard let session = merge.endedSession else { return }
        for connection in connections.end(session: session) {
            try write(.sessionEnd, of: connection, at: merge.previousTime)
        }
    }

    /// Writes a merge's current frame.
    public func write(_ reader: RecordingReader, of merge: RecordingMerge) throws(RecordingError) {
        let channel = reader.channel
        let connection = connections.register(reader, ofFile: merge.index ?? 0, in: merge.session)
        if let connection {
            let missing = connections.loss(of: reader, connection: connection)
            if missing > 0 { try write(.logLoss(missing), of: connection, at: merge.previousTime) }
        }
        let name = connection.map(name(of:)) ?? JSONText.quoted(channel.topic)
        try write(reader.bytes, name, channel.direction, channel.request, at: reader.time)
        frames += 1
    }

    /// Skips a merge's current frame, which does not count as lost.
    public func leaveOut(_ reader: RecordingReader, of merge: RecordingMerge) throws(RecordingError) {
        guard let index = connections.register(reader, ofFile: merge.index ?? 0, in: merge.session) else {
            return
        }
        let missing = connections.loss(of: reader, connection: index)
        if missing > 0 { try write(.logLoss(missing), of: index, at: merge.previousTime) }
    }

    private func write(
        _ status: StatusRecord,
        of connection: Int,
        at time: UInt64
    ) throws(RecordingError) {
        let bytes = Array(status.json.utf8)
        try write(bytes.span.bytes, name(of: connection), .status, at: time)
    }

    private func write(
        _ bytes: RawSpan,
        _ name: String,
        _ direction: FrameDirection,
        _ request: String = "",
        at time: UInt64
    ) throws(RecordingError) {
        line.removeAll()
        line.append(utf8: "{\"recv_ns\":\(time),\"conn\":\(name)")
        if !request.isEmpty {
            line.append(utf8: ",\"rest\":\(JSONText.quoted(request))")
        } else if direction != .received {
            line.append(utf8: ",\"dir\":\"\(direction.rawValue)\"")
        }
        line.append(utf8: ",\"frame\":")
        FrameJSON.appendLosslessText(bytes, to: &line)
        line.append(utf8: "}\n")
        do {
            try output.write(RawSpan(_unsafeStart: line.unsafeBase, byteCount: line.count))
        } catch {
            throw .file(error.description)
        }
    }

    /// The connection's name as JSON: its imported name or slot, with the market if two would be equal.
    private func name(of connection: Int) -> String {
        while names.count <= connection {
            names.append(nil)
            quoted.append("")
        }
        if names[connection] != nil { return quoted[connection] }
        let own = connections.all[connection].channel
        var name = own.connection.isEmpty ? own.slot : own.connection
        let full = "\(own.exchange)/\(own.market)/\(own.slot)"
        var number = 1
        while connections.owner(among: names, of: name) != nil {
            name = number == 1 ? full : "\(full)-\(number)"
            number += 1
        }
        names[connection] = name
        quoted[connection] = JSONText.quoted(name)
        return quoted[connection]
    }
}
