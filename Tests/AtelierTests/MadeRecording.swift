import ByteCoding
import Foundation
import MarketModel
import Recording
import Testing

/// A recording of many small chunks, whose frames the test knows.
struct MadeRecording {
    /// One frame as it was written.
    struct Frame: Equatable {
        var topic: String
        var time: Int64
        var text: String
    }

    let path: String
    let frames: [Frame]

    /// Records `count` frames, 10 ms apart, over a connection's frames and statuses.
    init(
        _ name: String,
        in scratch: Scratch,
        count: Int = 400,
        start: Int64 = 1_000_000_000_000_000_000,
        slot: String = "c0",
        compression: RecordingWriter.Compression = .zstd,
        chunkSize: Int = 2_000,
        source: String = "import"
    ) throws {
        path = scratch.file(name)
        let output = try ByteOutput(path: path)
        let writer = try RecordingWriter(
            output,
            session: SessionFacts(start: start, details: [("source", source)]),
            compression: compression,
            chunkSize: chunkSize
        )
        let channels = [FrameDirection.received, .status].map {
            FrameChannel(exchange: "bybit", market: "linear", slot: slot, direction: $0)
        }
        let numbers = try channels.map { try writer.add($0) }
        var frames: [Frame] = []
        for index in 0..<count {
            let row = index % 50 == 0 ? 1 : 0
            let text =
                row == 1
                ? StatusRecord(.connected, epoch: UInt64(index / 50 + 1)).json
                : "{\"number\":\(index),\"noise\":\"\(index &* 7_919 % 10_007)\"}"
            let time = start + Int64(index) * 10_000_000
            try writer.write(Array(text.utf8).span.bytes, on: numbers[row], at: time)
            frames.append(Frame(topic: channels[row].topic, time: time, text: text))
        }
        try writer.finish(reason: "test")
        try output.finish(replacing: false)
        self.frames = frames
    }

    /// The output of `cat --json` on a file.
    static func frames(of path: String, _ flags: [String] = [], in scratch: Scratch) throws -> [Frame] {
        let run = try AtelierProcess(["cat", path, "--json"] + flags, in: scratch)
        #expect(run.code == 0, "\(run.errors)")
        return try run.lines.map { line in
            Frame(
                topic: try #require(line["topic"] as? String),
                time: try #require((line["log_time_ns"] as? String).flatMap { Int64($0) }),
                text: try #require(line["text"] as? String)
            )
        }
    }
}

extension Scratch {
    func bytes(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: path.hasPrefix("/") ? path : file(path))))
    }

    @discardableResult
    func write(_ bytes: [UInt8], as name: String) throws -> String {
        try Data(bytes).write(to: URL(filePath: file(name)))
        return file(name)
    }
}

/// A chunk of a file: its position and contents.
struct ChunkLocation {
    var offset: Int
    var length: Int
    var frames: Int

    /// The chunks of the file, with the numbers of frames in their message indexes.
    static func all(in bytes: [UInt8]) -> [ChunkLocation] {
        func number(_ row: Int, _ size: Int) -> Int {
            (0..<size).reduce(0) { $0 | Int(bytes[row + $1]) << (8 * $1) }
        }
        var found: [ChunkLocation] = []
        var position = 8
        while position + 9 <= bytes.count - 8 {
            let length = number(position + 1, 8)
            if bytes[position] == 6 {
                found.append(ChunkLocation(offset: position, length: length + 9, frames: 0))
            }
            if bytes[position] == 7 { found[found.count - 1].frames += number(position + 11, 4) / 16 }
            position += 9 + length
        }
        return found
    }
}
