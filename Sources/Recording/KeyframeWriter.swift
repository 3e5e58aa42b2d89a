public import ByteCoding
import MCAP
public import MarketModel

/// Writes a file of keyframes: an MCAP file of the profile `atelier-keyframes`.
///
/// The metadata record `keyframes` holds the facts; each keyframe is a chunk or several, with a message a part whose
/// topic is the part's name, then `/digest`; the metadata record `index` names the keyframes.
public final class KeyframeWriter {
    /// The profile of such files.
    public static let profile = "atelier-keyframes"
    /// The version of the form of such files.
    public static let format = "1"
    /// The most bytes of a message; a longer part is several.
    static let piece = 16 << 20

    /// The keyframes written so far.
    public private(set) var keyframes: [KeyframeIndex] = []
    private let writer: MCAPWriter
    private let facts: [String: String]
    private var channels: [String: UInt16] = [:]

    /// Begins a file; the caller finishes the output.
    ///
    /// - Throws: ``RecordingError/file(_:)`` if it cannot be written.
    public init(_ output: ByteOutput, facts: [String: String]) throws(RecordingError) {
        self.facts = facts.merging(["format": Self.format]) { $1 }
        do {
            let header = Header(profile: Self.profile, library: RecordingWriter.library)
            writer = try MCAPWriter(output, header: header)
            try writer.write(Self.record("keyframes", self.facts.sorted { $0.key < $1.key }))
        } catch {
            throw .file("\(error)")
        }
    }

    /// Adds a keyframe behind the others.
    ///
    /// - Parameters:
    ///   - parts: the state.
    ///   - time: the receive time of the last frame that it takes in: nanoseconds since the Unix epoch, not negative.
    ///   - rowsThrough: the greatest `ts` of the rows before it.
    ///   - frames: the frames received before it.
    /// - Throws: ``RecordingError/file(_:)`` if it cannot be written.
    public func add(
        _ parts: [StatePart],
        time: Int64,
        rowsThrough: Int64,
        frames: Int
    ) throws(RecordingError) {
        let (number, digest) = (UInt32(keyframes.count), KeyframeDigest.text(of: parts))
        let root = KeyframeDigest.root(digest)
        do {
            try writer.closeChunk()
            for part in parts { try write(part, number, UInt64(bitPattern: time)) }
            let last = StatePart(name: KeyframeDigest.topic, bytes: Array(digest.utf8))
            try write(last, number, UInt64(bitPattern: time))
            try writer.closeChunk()
        } catch {
            throw .file("\(error)")
        }
        keyframes.append(
            KeyframeIndex(number: number, time: time, rowsThrough: rowsThrough, frames: frames, root: root)
        )
    }

    /// Writes the index and the end of the file.
    ///
    /// - Throws: ``RecordingError/file(_:)`` if it cannot be written.
    public func finish() throws(RecordingError) {
        var entries = keyframes.map { (key: String($0.number), value: $0.text) }
        entries.append((key: "sha256", value: KeyframeDigest.seal(facts, keyframes)))
        do {
            try writer.write(Self.record("index", entries))
            try writer.finish()
        } catch {
            throw .file("\(error)")
        }
    }

    private func write(_ part: StatePart, _ number: UInt32, _ time: UInt64) throws {
        let id = try channel(part.name)
        var start = 0
        repeat {
            let end = min(start + Self.piece, part.bytes.count)
            let header = MessageHeader(channelID: id, sequence: number, logTime: time, publishTime: time)
            try writer.write(header, data: part.bytes.span.bytes.extracting(start..<end))
            start = end
        } while start < part.bytes.count
    }

    private func channel(_ topic: String) throws -> UInt16 {
        if let known = channels[topic] { return known }
        guard channels.count < Int(UInt16.max) - 1 else {
            throw RecordingError.file("\(writer.output.name): more than 65534 parts")
        }
        let id = UInt16(channels.count + 1)
        let encoding = topic == KeyframeDigest.topic ? "text" : "atelier-state"
        try writer.add(Channel(id: id, schemaID: 0, topic: topic, messageEncoding: encoding))
        channels[topic] = id
        return id
    }

    private static func record(_ name: String, _ entries: [(key: String, value: String)]) -> Metadata {
        Metadata(name: name, values: TextMap(entries.map { .init(key: $0.key, value: $0.value) }))
    }
}
