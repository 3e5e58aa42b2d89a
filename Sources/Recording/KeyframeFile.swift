import ByteCoding
import MCAP
public import MarketModel

/// A file of keyframes, read by its index: a few reads, and those of one keyframe.
public struct KeyframeFile {
    /// The file.
    public let path: String
    /// What the keyframes are of: recording, plan, versions.
    public let facts: [String: String]
    /// The keyframes in their order.
    public let keyframes: [KeyframeIndex]
    /// Its size, bytes.
    public let size: UInt64

    private let file: FileReader
    private let summary: Summary

    /// What a keyframe's messages of one part hold: the part, or its difference from that of the keyframe before.
    private struct Piece {
        var name: String
        var bytes: [UInt8]
        var isDifference: Bool
    }

    /// The name of the file beside a recording, or in another folder.
    public static func path(of recording: String, in folder: String? = nil) -> String {
        guard let folder else { return recording + ".keyframes" }
        let name = recording.split(separator: "/").last.map(String.init) ?? recording
        return "\(folder)/\(name).keyframes"
    }

    /// Reads facts and index, which must agree with their digest.
    ///
    /// - Throws: ``RecordingError/file(_:)`` for files that cannot be read, are no keyframes, or are damaged there.
    public init(path: String) throws(RecordingError) {
        (summary, file) = try Self.open(path)
        guard let facts = summary.metadata(named: "keyframes", in: file),
            let index = summary.metadata(named: "index", in: file)
        else { throw .file("\(path): facts or index of the keyframes are missing; make them anew") }
        self.path = path
        size = file.size
        self.facts = Dictionary(facts.values.entries.map { ($0.key, $0.value) }) { $1 }
        keyframes = index.values.entries.dropLast().enumerated().compactMap { number, entry in
            guard entry.key == String(number) else { return nil }
            return KeyframeIndex(number: UInt32(clamping: number), entry.value)
        }
        guard self.facts["format"] == KeyframeWriter.format else {
            throw .file("\(path): keyframes of a form that is not known here; make them anew")
        }
        guard index.values.entries.count == keyframes.count + 1,
            index.values["sha256"] == KeyframeDigest.seal(self.facts, keyframes)
        else { throw .file("\(path): facts or index of the keyframes are damaged; make them anew") }
    }

    /// Reads the parts of a keyframe, which must have the digests that it states.
    ///
    /// Costs a reading of it and, where parts are differences, of up to 15 before it.
    ///
    /// - Throws: ``RecordingError/file(_:)`` if they have not, or cannot be read.
    public func parts(of keyframe: KeyframeIndex) throws(RecordingError) -> [StatePart] {
        var layers = [try pieces(of: keyframe)]
        var number = Int(keyframe.number)
        while layers[layers.count - 1].contains(where: \.isDifference), number > 0 {
            number -= 1
            layers.append(try pieces(of: keyframes[number]))
        }
        var parts: [StatePart] = []
        for layer in layers.dropFirst().reversed() { parts = try join(layer, parts, keyframe) }
        return try checked(try join(layers[0], parts, keyframe), keyframe)
    }

    /// Reads every keyframe and checks its digests.
    ///
    /// - Throws: ``RecordingError/file(_:)`` at the first that is damaged.
    public func check() throws(RecordingError) {
        var parts: [StatePart] = []
        for keyframe in keyframes {
            let found = try join(try pieces(of: keyframe), parts, keyframe)
            _ = try checked(found, keyframe)
            parts = found
        }
    }

    /// The messages of a keyframe, those of one part together; the last is `/digest`.
    private func pieces(of keyframe: KeyframeIndex) throws(RecordingError) -> [Piece] {
        let time = UInt64(bitPattern: keyframe.time)
        let chunks = summary.chunkIndexes.filter { $0.startTime == time && $0.endTime == time }
        let reader = IndexedReader(file, summary: summary, chunks: chunks)
        var channels: [UInt16: Channel] = [:]
        for channel in summary.channels { channels[channel.id] = channel }
        var pieces: [Piece] = []
        do {
            while try reader.next() {
                guard reader.message.sequence == keyframe.number,
                    let channel = channels[reader.message.channelID]
                else { continue }
                let bytes = reader.data.withUnsafeBytes { [UInt8]($0) }
                if let last = pieces.indices.last, pieces[last].name == channel.topic {
                    pieces[last].bytes += bytes
                } else {
                    let isDifference = channel.messageEncoding == KeyframeWriter.difference
                    pieces.append(Piece(name: channel.topic, bytes: bytes, isDifference: isDifference))
                }
            }
        } catch {
            throw .file("\(error)")
        }
        return pieces
    }

    /// The parts, of which some stand as differences from those of the keyframe before.
    private func join(
        _ pieces: [Piece],
        _ before: [StatePart],
        _ keyframe: KeyframeIndex
    ) throws(RecordingError) -> [StatePart] {
        let known = Dictionary(before.map { ($0.name, $0.bytes) }) { $1 }
        var parts: [StatePart] = []
        for piece in pieces {
            var bytes: [UInt8]? = piece.bytes
            if piece.isDifference {
                bytes = known[piece.name].flatMap { KeyframeDelta.apply(piece.bytes, to: $0) }
            }
            guard let bytes else { throw damage(of: keyframe) }
            parts.append(StatePart(name: piece.name, bytes: bytes))
        }
        return parts
    }

    /// The parts without `/digest`, which must be theirs.
    private func checked(
        _ parts: [StatePart],
        _ keyframe: KeyframeIndex
    ) throws(RecordingError) -> [StatePart] {
        var parts = parts
        guard let last = parts.popLast(), last.name == KeyframeDigest.topic else {
            throw damage(of: keyframe)
        }
        let digest = KeyframeDigest.text(of: parts)
        guard last.bytes.elementsEqual(digest.utf8), keyframe.root == KeyframeDigest.root(digest) else {
            throw damage(of: keyframe)
        }
        return parts
    }

    private func damage(of keyframe: KeyframeIndex) -> RecordingError {
        .file(
            "\(path): the keyframe of \(UnixTime.rfc3339(keyframe.time)) is damaged; make the keyframes anew"
        )
    }

    /// Whether the keyframes are of a recording.
    public func isOf(_ recording: RecordingMark) -> Bool {
        facts["recording"] == recording.name && facts["size"] == String(recording.size)
            && facts["summary_crc"] == String(recording.summaryCRC)
    }

    private static func open(_ path: String) throws(RecordingError) -> (Summary, FileReader) {
        do {
            let file = try FileReader(path: path)
            let summary = try Summary(file)
            guard summary.header.profile == KeyframeWriter.profile else {
                throw RecordingError.file("\(path): no keyframes (atelier keyframes makes them)")
            }
            return (summary, file)
        } catch let error as RecordingError {
            throw error
        } catch {
            throw .file("\(error)")
        }
    }
}
