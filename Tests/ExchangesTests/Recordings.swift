import ByteCoding
import Foundation
import MarketModel

/// A line of a recording of real frames: when it arrived (0 where unknown), on which connection, its bytes; of a reply
/// also the path of its request.
struct RecordedFrame {
    var line: Int
    var receiveTime: Int64
    var connection: String
    var bytes: [UInt8]
    var request: String?
}

/// Real frames beside the project; tests that need them are skipped where they are missing.
enum Recordings {
    static let root: String = {
        let source = URL(filePath: #filePath)
        return source.appending(path: "../../../../shared/recordings").standardized.path()
    }()

    static let areThere = FileManager.default.fileExists(atPath: root)

    static func lines(_ path: String) throws -> [String] {
        let file = root + "/" + path + (path.hasSuffix(".jsonl") ? "" : ".jsonl.zst")
        let reader = LineReader(try ByteInput(path: file, expansion: .automatic))
        var lines: [String] = []
        while try reader.advance() {
            lines.append(reader.line.withUnsafeBytes { String(decoding: $0, as: UTF8.self) })
        }
        return lines
    }

    static func objects(_ path: String) throws -> [[String: Any]] {
        try lines(path).compactMap {
            try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }
    }

    static func frames(_ path: String) throws -> [RecordedFrame] {
        try objects(path).enumerated().map { line, object in
            let time = (object["recv_ns"] as? NSNumber)?.int64Value ?? 0
            let frame = object["frame"] as? String ?? ""
            let connection = object["conn"] as? String ?? ""
            return RecordedFrame(
                line: line,
                receiveTime: time,
                connection: connection,
                bytes: Array(frame.utf8),
                request: object["rest"] as? String
            )
        }
    }
}
