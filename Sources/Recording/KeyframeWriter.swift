public import ByteCoding
import MCAP
public import MarketModel

/// Writes a file of keyframes: an MCAP file of the profile `atelier-keyframes`.
///
/// Parts of which much stands in the keyframe before are written as the difference from there, but for each 16th keyframe.
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
    private var channels: [Name: UInt16] = [:]
    /// The parts of the keyframe before, by their names.
    private var before: [String: [UInt8]] = [:]

    private struct Name: Hashable {
        var topic: String
        var encoding: String
    }

    /// The encodings of messages: a part, and a difference.
    static let (whole, difference) = ("atelier-state", "atelier-state-difference")
    /// Each so many keyframes one has no differences.
    static let wholeEvery: UInt32 = 16

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
        if number % Self.wholeEvery == 0 { before = [:] }
        do {
            try writer.closeChunk()
            for part in parts {
                let known = before[part.name].flatMap { KeyframeDelta.difference(part.bytes, from: $0) }
                let encoding = known == nil ? Self.whole : Self.difference
                try write(known ?? part.bytes, Name(topic: part.name, encoding: encoding), number, time)
            }
            let last = Name(topic: KeyframeDigest.topic, encoding: "text")
            try write(Array(digest.utf8), last, number, time)
            try writer.closeChunk()
            before = Dictionary(parts.map { ($0.name, $0.bytes) }) { $1 }
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

    private func write(_ bytes: [UInt8], _ name: Name, _ number: UInt32, _ time: Int64) throws {
        let (id, time) = (try channel(name), UInt64(bitPattern: time))
        var start = 0
        repeat {
            let end = min(start + Self.piece, bytes.count)
            let header = MessageHeader(channelID: id, sequence: number, logTime: time, publishTime: time)
            try writer.write(header, data: bytes.span.bytes.extracting(start..<end))
            start = end
        } while start < bytes.count
    }

    private func channel(_ name: Name) throws -> UInt16 {
        if let known = channels[name] { return known }
        guard channels.count < Int(UInt16.max) - 1 else {
            throw RecordingError.file("\(writer.output.name): more than 65534 parts")
        }
        let id = UInt16(channels.count + 1)
        try writer.add(Channel(id: id, schemaID: 0, topic: name.topic, messageEncoding: name.encoding))
        channels[name] = id
        return id
    }

    private static func record(_ name: String, _ entries: [(key: String, value: String)]) -> Metadata {
        Metadata(name: name, values: TextMap(entries.map { .init(key: $0.key, value: $0.value) }))
    }
}
