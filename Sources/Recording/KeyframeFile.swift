import ByteCoding
import MCAP
public import MarketModel

/// A file of keyframes, read by its index: a few reads, and those of one keyframe.
public struct KeyframeFile: Sendable {
    /// The file.
    public let path: String
    /// What the keyframes are of: recording, plan, versions.
    public let facts: [String: String]
    /// The keyframes in their order.
    public let keyframes: [KeyframeIndex]
    /// Its size, bytes.
    public let size: UInt64

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
        let (summary, file) = try Self.open(path)
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
    /// - Throws: ``RecordingError/file(_:)`` if they have not, or cannot be read.
    public func parts(of keyframe: KeyframeIndex) throws(RecordingError) -> [StatePart] {
        let (_, file) = try Self.open(path)
        let time = UInt64(bitPattern: keyframe.time)
        var parts: [StatePart] = []
        do {
            let reader = try IndexedReader(file, times: time..<(time + 1), order: .file)
            while try reader.next() {
                guard reader.message.sequence == keyframe.number,
                    let channel = reader.channel(reader.message.channelID)
                else { continue }
                let bytes = reader.data.withUnsafeBytes { [UInt8]($0) }
                if let last = parts.indices.last, parts[last].name == channel.topic {
                    parts[last].bytes += bytes
                } else {
                    parts.append(StatePart(name: channel.topic, bytes: bytes))
                }
            }
        } catch {
            throw .file("\(error)")
        }
        let damaged = RecordingError.file(
            "\(path): the keyframe of \(UnixTime.rfc3339(keyframe.time)) is damaged; make the keyframes anew"
        )
        guard let last = parts.popLast(), last.name == KeyframeDigest.topic else { throw damaged }
        let digest = KeyframeDigest.text(of: parts)
        guard last.bytes.elementsEqual(digest.utf8), keyframe.root == KeyframeDigest.root(digest) else {
            throw damaged
        }
        return parts
    }

    /// Whether the keyframes are of a recording.
    public func isOf(_ recording: RecordingMark) -> Bool {
        facts["recording"] == recording.name && facts["size"] == String(recording.size)
            && facts["summary_crc"] == String(recording.summaryCRC)
    }

    /// Reads every keyframe and checks its digests.
    ///
    /// - Throws: ``RecordingError/file(_:)`` at the first that is damaged.
    public func check() throws(RecordingError) {
        for keyframe in keyframes { _ = try parts(of: keyframe) }
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
