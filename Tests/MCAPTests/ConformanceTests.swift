import ByteCoding
import Foundation
import MCAP
import Testing

/// The standard's own cases at `../shared/conformance/mcap`, where that folder is present.
///
/// A `.mcap` file there may be a Git LFS pointer, which states the SHA-256 and size of the real bytes.
struct ConformanceCase: CustomTestStringConvertible, Sendable {
    let path: String
    let features: Set<String>
    let records: [CaseRecord]
    var testDescription: String { URL(filePath: path).lastPathComponent }
    var isPadded: Bool { features.contains("pad") }

    static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(
        path: "../../../shared/conformance/mcap"
    ).standardizedFileURL

    static let all = cases(in: root)

    static func cases(in root: URL) -> [ConformanceCase] {
        guard let walk = FileManager.default.enumerator(atPath: root.path()) else { return [] }
        let names = walk.compactMap { $0 as? String }.filter { $0.hasSuffix(".json") }.sorted()
        return names.compactMap { ConformanceCase(root.appending(path: $0)) }
    }

    init?(_ url: URL) {
        path = url.deletingPathExtension().path()
        guard let data = try? Data(contentsOf: url),
            let json = try? JSONSerialization.jsonObject(with: data) as? [String: Any],
            let records = json["records"] as? [[String: Any]],
            let meta = json["meta"] as? [String: Any], let variant = meta["variant"] as? [String: Any],
            let features = variant["features"] as? [String]
        else { return nil }
        self.features = Set(features)
        self.records = records.compactMap(CaseRecord.init)
    }

    /// The SHA-256 (hexadecimal) and the size of the case's bytes.
    func expected() throws -> (digest: String, size: Int) {
        let data = try Data(contentsOf: URL(filePath: path + ".mcap"))
        let text = String(decoding: data, as: UTF8.self)
        guard text.hasPrefix("version https://git-lfs") else {
            return (try digest(Array(data)), data.count)
        }
        let lines = text.split(separator: "\n")
        let digest = lines[1].split(separator: ":")[1]
        return (String(digest), Int(lines[2].split(separator: " ")[1]) ?? -1)
    }

    var options: WriterOptions {
        var options = WriterOptions()
        options.compression = .none
        options.chunkSize = features.contains("ch") ? 1 << 20 : nil
        options.messageIndex = features.contains("mx")
        options.chunkIndex = features.contains("chx")
        options.attachmentIndex = features.contains("ax")
        options.metadataIndex = features.contains("mdx")
        options.summarySchemas = features.contains("rsh")
        options.summaryChannels = features.contains("rch")
        options.statistics = features.contains("st")
        options.summaryOffsets = features.contains("sum")
        return options
    }
}

/// One record of a case: its kind and its fields as the JSON has them.
struct CaseRecord: Sendable {
    let type: String
    let fields: [String: Field]

    enum Field: Sendable {
        case text(String)
        case bytes([UInt8])
        case map([String: String])
    }

    init?(_ json: [String: Any]) {
        guard let type = json["type"] as? String, let list = json["fields"] as? [[Any]] else { return nil }
        self.type = type
        var fields: [String: Field] = [:]
        for pair in list {
            guard pair.count == 2, let name = pair[0] as? String else { return nil }
            if let text = pair[1] as? String {
                fields[name] = .text(text)
            } else if let list = pair[1] as? [String] {
                fields[name] = .bytes(list.compactMap { UInt8($0) })
            } else if let map = pair[1] as? [String: String] {
                fields[name] = .map(map)
            }
        }
        self.fields = fields
    }

    func text(_ name: String) -> String { if case .text(let text)? = fields[name] { text } else { "" } }
    func bytes(_ name: String) -> [UInt8] { if case .bytes(let bytes)? = fields[name] { bytes } else { [] } }
    func number<Value: FixedWidthInteger>(_ name: String) -> Value { Value(text(name)) ?? 0 }
    func map(_ name: String) -> TextMap {
        guard case .map(let map)? = fields[name] else { return [:] }
        return TextMap(map.sorted { $0.key < $1.key }.map { .init(key: $0.key, value: $0.value) })
    }

    var schema: Schema {
        Schema(id: number("id"), name: text("name"), encoding: text("encoding"), data: bytes("data"))
    }
    var channel: Channel {
        Channel(
            id: number("id"),
            schemaID: number("schema_id"),
            topic: text("topic"),
            messageEncoding: text("message_encoding"),
            metadata: map("metadata")
        )
    }
    var message: MessageHeader {
        MessageHeader(
            channelID: number("channel_id"),
            sequence: number("sequence"),
            logTime: number("log_time"),
            publishTime: number("publish_time")
        )
    }
    var attachment: MCAP.Attachment {
        MCAP.Attachment(
            logTime: number("log_time"),
            createTime: number("create_time"),
            name: text("name"),
            mediaType: text("media_type"),
            data: bytes("data")
        )
    }
    var metadata: Metadata { Metadata(name: text("name"), values: map("metadata")) }
}

func digest(_ bytes: [UInt8]) throws -> String {
    var digest = SHA256()
    digest.update(bytes.span.bytes)
    return digest.finishHexadecimal()
}

/// The file of a case, written by this project's writer.
func write(_ given: ConformanceCase) throws -> [UInt8] {
    let output = ByteOutput()
    let first = given.records.first { $0.type == "Header" }
    let header = Header(profile: first?.text("profile") ?? "", library: first?.text("library") ?? "")
    let writer = try MCAPWriter(output, header: header, options: given.options)
    for record in given.records.prefix(while: { $0.type != "DataEnd" }) {
        switch record.type {
        case "Schema": try writer.add(record.schema)
        case "Channel": try writer.add(record.channel)
        case "Message": try writer.write(record.message, data: record.bytes("data").span.bytes)
        case "Attachment": try writer.write(record.attachment)
        case "Metadata": try writer.write(record.metadata)
        default: break
        }
    }
    try writer.finish()
    return output.takeBytes()
}

/// The same file with the extra bytes of the `pad` cases after the records that may grow.
func pad(_ bytes: [UInt8]) -> [UInt8] {
    var padded = Array(bytes[..<8])
    var position = 8
    while position < bytes.count - 8 {
        let length = (0..<8).reduce(0) { $0 | Int(bytes[position + 1 + $1]) << (8 * $1) }
        let whole = position..<position + 9 + length
        var record = Array(bytes[whole])
        if ![0x02, 0x05, 0x06, 0x0f].contains(record[0]) {
            record += [0x01, 0xff, 0xff]
            for index in 0..<8 { record[1 + index] = UInt8(truncatingIfNeeded: (length + 3) >> (8 * index)) }
        }
        padded += record
        position = whole.upperBound
    }
    return padded + bytes[position...]
}

@Suite(.enabled(if: !ConformanceCase.all.isEmpty, "skipped, no conformance files"))
struct ConformanceTests {
    @Test(arguments: ConformanceCase.all.filter { !$0.isPadded })
    func `the writer makes the case's bytes`(given: ConformanceCase) throws {
        let bytes = try write(given)
        let expected = try given.expected()
        #expect(bytes.count == expected.size)
        #expect(try digest(bytes) == expected.digest)
    }

    @Test(arguments: ConformanceCase.all)
    func `the reader finds the case's records`(given: ConformanceCase) throws {
        var bytes = try write(given)
        if given.isPadded { bytes = pad(bytes) }
        #expect(try bytes.count == given.expected().size)
        let reader = try Self.read(bytes, given)
        // The padding moves what indexes and checksums were made for.
        #expect(reader.losses.filter { !given.isPadded || $0.length > 0 } == [])
    }

    /// Reads a case's bytes to the end and compares each record.
    static func read(_ bytes: [UInt8], _ given: ConformanceCase) throws -> StreamReader {
        let reader = try StreamReader(try ByteInput(bytes: bytes.span.bytes))
        let data = given.records.prefix { $0.type != "DataEnd" }
        #expect(reader.header.profile == data.first?.text("profile"))
        for record in data {
            switch record.type {
            case "Message":
                #expect(try reader.next() == .message)
                #expect(reader.message == record.message)
                #expect(reader.data.withUnsafeBytes { Array($0) } == record.bytes("data"))
            case "Attachment":
                #expect(try reader.next() == .attachment)
                #expect(reader.attachment == record.attachment)
            case "Metadata":
                #expect(try reader.next() == .metadata)
                #expect(reader.metadata == record.metadata)
            default: break
            }
        }
        #expect(try reader.next() == nil)
        #expect(reader.channels == data.filter { $0.type == "Channel" }.map(\.channel))
        #expect(reader.schemas == data.filter { $0.type == "Schema" }.map(\.schema))
        #expect(reader.isComplete)
        #expect((reader.statistics != nil) == given.features.contains("st"))
        return reader
    }
}
