public import ByteCoding
import MCAP
public import MarketModel

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A state of a replay in a file: an MCAP file of the profile `atelier-state` with one message a part, whose topic is
/// the part's name.
///
/// The metadata record `state` holds the facts, `digests` the SHA-256 of each part and `root`, that of all of them.
public struct StateFile: Equatable, Sendable {
    /// What the state is of: options, recordings, the frames before it.
    public var facts: [String: String]
    /// The receive time of the last frame before it: nanoseconds since the Unix epoch.
    public var time: Int64
    /// The parts in their order.
    public var parts: [StatePart]

    /// The profile of such files.
    public static let profile = "atelier-state"
    private static let format = "1"
    /// The most bytes of a message.
    private static let piece = 16 << 20

    /// Makes a state that is not in a file yet.
    public init(facts: [String: String], time: Int64, parts: [StatePart]) {
        (self.facts, self.time, self.parts) = (facts, time, parts)
    }

    /// The SHA-256 of each part's bytes, in their order, as hexadecimal text.
    public var digests: [String] {
        parts.map { Hexadecimal.text(SHA256.digest(of: $0.bytes.span.bytes)) }
    }

    /// The SHA-256 over the names and digests of the parts, each followed by a line end.
    public var root: String { root(over: digests) }

    private func root(over digests: [String]) -> String {
        StateFile.digest(of: zip(parts, digests).flatMap { [$0.name, $1] })
    }

    private static func digest(of lines: [String]) -> String {
        var digest = SHA256()
        for line in lines { "\(line)\n".withBytes { digest.update($0) } }
        return digest.finishHexadecimal()
    }

    /// What the file says of itself: the digest of each part by its number, of all, and of the facts.
    private var stated: [String: String] {
        let digests = digests
        var stated: [String: String] = [:]
        for (number, digest) in digests.enumerated() { stated[String(number)] = digest }
        stated["root"] = root(over: digests)
        stated["facts"] = StateFile.digest(
            of: facts.filter { $0.key != "format" }.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] }
        )
        return stated
    }

    /// Writes the file's bytes; the caller finishes the output.
    public func write(to output: ByteOutput) throws(RecordingError) {
        guard parts.count < Int(UInt16.max) else { throw .file("\(output.name): more than 65534 parts") }
        do {
            let header = Header(profile: StateFile.profile, library: RecordingWriter.library)
            let writer = try MCAPWriter(output, header: header)
            try writer.write(metadata("state", facts.merging(["format": StateFile.format]) { $1 }))
            try writer.write(metadata("digests", stated))
            for (index, part) in parts.enumerated() {
                let id = UInt16(index + 1)
                try writer.add(
                    Channel(id: id, schemaID: 0, topic: part.name, messageEncoding: "atelier-state")
                )
                // A great part is several messages, for readers have limits.
                var (start, sequence) = (0, UInt32(0))
                repeat {
                    let end = min(start + StateFile.piece, part.bytes.count)
                    let header = MessageHeader(
                        channelID: id,
                        sequence: sequence,
                        logTime: UInt64(bitPattern: time),
                        publishTime: UInt64(bitPattern: time)
                    )
                    try writer.write(header, data: part.bytes.span.bytes.extracting(start..<end))
                    (start, sequence) = (end, sequence + 1)
                } while start < part.bytes.count
            }
            try writer.finish()
        } catch {
            throw .file("\(error)")
        }
    }

    private func metadata(_ name: String, _ values: [String: String]) -> Metadata {
        var map: TextMap = [:]
        for (key, value) in values.sorted(by: { $0.key < $1.key }) { map[key] = value }
        return Metadata(name: name, values: map)
    }

    /// Whether a file says that it holds a state.
    public static func isState(_ path: String) -> Bool {
        // A pipe, which reading would use up, is none.
        var facts = stat()
        guard stat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG,
            let reader = try? StreamReader(try ByteInput(path: path))
        else { return false }
        return reader.header.profile == profile
    }

    /// Reads a file, whose parts must have the digests that it states.
    public init(path: String) throws(RecordingError) {
        self.init(facts: [:], time: 0, parts: [])
        var stated: [String: String] = [:]
        do {
            let reader = try StreamReader(try ByteInput(path: path))
            while let event = try reader.next() {
                switch event {
                case .message:
                    guard let channel = reader.channel(reader.message.channelID) else { continue }
                    time = Int64(bitPattern: reader.message.logTime)
                    let bytes = reader.data.withUnsafeBytes { [UInt8]($0) }
                    if reader.message.sequence > 0, let last = parts.indices.last {
                        parts[last].bytes += bytes
                    } else {
                        parts.append(StatePart(name: channel.topic, bytes: bytes))
                    }
                case .metadata:
                    guard let record = reader.metadata else { continue }
                    let values = Dictionary(record.values.entries.map { ($0.key, $0.value) }) { $1 }
                    if record.name == "state" { facts = values }
                    if record.name == "digests" { stated = values }
                case .attachment: break
                }
            }
        } catch {
            throw .file("\(error)")
        }
        try check(path, stated)
    }

    private func check(_ path: String, _ stated: [String: String]) throws(RecordingError) {
        guard facts["format"] == StateFile.format else {
            let found = facts["format"].map { "format \(PrintableText.shortened($0))" } ?? "none"
            throw .file(
                "\(path): found \(found), expected a state of format \(StateFile.format) "
                    + "(atelier replay --save-state writes one)"
            )
        }
        let found = self.stated
        for (number, part) in parts.enumerated() where stated[String(number)] != found[String(number)] {
            throw .file(
                "\(path): the part \(PrintableText.shortened(part.name)) is damaged; make the state anew"
            )
        }
        guard stated == found else {
            throw .file("\(path): parts are missing, or facts damaged; make the state anew")
        }
    }
}
