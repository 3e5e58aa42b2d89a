import ByteCoding
import CSimdjson
import Features
import Foundation
import MCAP
import MarketModel
import Recording
import Replay
import Rows
import Synchronizer

/// Reading and writing a recording beside expanding or compressing its chunks and their CRC-32 alone, and replaying it
/// beside expanding it and finding the tokens of its frames alone, in turns.
///
///     LogSpeed FILE [ROUNDS]
///
/// FILE is a zstd recording. Prints medians, and medians of the rounds' ratios: 1 is the speed of the codec alone. Reading
/// is compared twice: with the codec fed from memory, and with the codec fed from the file, chunk by chunk. Replaying is from
/// the file to aggregates of 100 ms, without digests or files.
@main
struct LogSpeed {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count > 1 else {
            print("usage: LogSpeed FILE [ROUNDS]")
            exit(2)
        }
        let rounds = arguments.count > 2 ? Int(arguments[2]) ?? 15 : 15
        let log = try Log(arguments[1])
        print("\(log.frames) frames in \(log.stored.count) chunks, \(log.size) bytes expanded")
        var (expand, expandFile, read) = ([Double](), [Double](), [Double]())
        var (compress, write) = ([Double](), [Double]())
        var (index, replays) = ([Double](), ClockMode.allCases.map { _ in [Double]() })
        for _ in 0..<rounds {
            index.append(try time { try log.index() })
            for (row, clock) in ClockMode.allCases.enumerated() {
                replays[row].append(try time { try log.replay(clock) })
            }
            expand.append(try time { try log.expand() })
            expandFile.append(try time { try log.expandFile() })
            read.append(try time { try log.read() })
            compress.append(try time { try log.compress() })
            write.append(try time { try log.write() })
        }
        report("reading, codec fed from memory", own: read, codec: expand, log)
        report("reading, codec fed from the file", own: read, codec: expandFile, log)
        report("writing", own: write, codec: compress, log)
        for (clock, own) in zip(ClockMode.allCases, replays) {
            let ratio = median(zip(own, index).map { $1 / $0 })
            let rate = Double(log.frames) / median(own) / 1e6
            print(
                "replaying, \(clock.rawValue): ratio \(String(format: "%.3f", ratio)) to expanding and simdjson's stage 1 "
                    + "(\(String(format: "%.2f", rate)) M frames/s, \(log.rows[clock] ?? 0) rows)"
            )
        }
    }

    private static func report(_ name: String, own: [Double], codec: [Double], _ log: Log) {
        let ratio = median(zip(own, codec).map { $1 / $0 })
        let perFrame = (median(own) - median(codec)) / Double(log.frames) * 1e9
        let rates = [own, codec].map { String(format: "%.0f MB/s", Double(log.size) / median($0) / 1e6) }
        print(
            "\(name): ratio \(String(format: "%.3f", ratio)) (\(rates[0]), codec alone \(rates[1]); ",
            terminator: ""
        )
        print("\(String(format: "%.1f", perFrame)) ns a frame beside the codec)")
    }

    private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

    /// Processor time of the thread, which other work on the machine moves less than the wall clock.
    private static func time(_ body: () throws -> Void) rethrows -> Double {
        let start = now()
        try body()
        return now() - start
    }

    private static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}

/// A recording in memory: its chunks as stored and expanded, and its frames.
final class Log {
    let path: String
    private(set) var frames = 0
    private(set) var size = 0
    private(set) var stored: [[UInt8]] = []
    private var expanded: [[UInt8]] = []
    private var sizes: [Int] = []
    private var offsets: [UInt64] = []
    private let expander: ZstdDecompressor
    private let compressor: ZstdCompressor
    private var room = GrowableBytes(capacity: 4 << 20)
    private var checksums: UInt32 = 0
    private let parser = simdjson_parser()
    /// The rows of each clock's replay.
    private(set) var rows: [ClockMode: Int] = [:]

    init(_ path: String) throws {
        self.path = path
        (expander, compressor) = (try ZstdDecompressor(), try ZstdCompressor(level: 1))
        let file = try FileReader(path: path)
        for index in try Summary(file).chunkIndexes.sorted(by: { $0.chunkOffset < $1.chunkOffset }) {
            var bytes = GrowableBytes()
            let start = index.chunkOffset + index.chunkLength - index.compressedSize
            try file.read(at: start, count: Int(index.compressedSize), appendingTo: &bytes)
            stored.append(bytes.bytes.withUnsafeBytes { Array($0) })
            room.removeAll()
            try expander.decompress(bytes.bytes, appendingTo: &room, maximumSize: Int(index.uncompressedSize))
            expanded.append(room.bytes.withUnsafeBytes { Array($0) })
            sizes.append(Int(index.uncompressedSize))
            offsets.append(start)
        }
        size = sizes.reduce(0, +)
        try read()
    }

    /// The codec alone, reading: every chunk expanded, and the CRC-32 of what it holds.
    func expand() throws {
        for (row, chunk) in stored.enumerated() {
            room.removeAll()
            try expander.decompress(chunk.span.bytes, appendingTo: &room, maximumSize: sizes[row])
            checksums ^= CRC32.checksum(room.bytes)
        }
    }

    /// The same, with each chunk read from the file first.
    func expandFile() throws {
        let file = try FileReader(path: path)
        var input = GrowableBytes(capacity: 4 << 20)
        for (row, chunk) in stored.enumerated() {
            input.removeAll()
            try file.read(at: offsets[row], count: chunk.count, appendingTo: &input)
            room.removeAll()
            try expander.decompress(input.bytes, appendingTo: &room, maximumSize: sizes[row])
            checksums ^= CRC32.checksum(room.bytes)
        }
    }

    /// The codec alone, writing: the CRC-32 of every chunk's records, and the chunk compressed.
    func compress() throws {
        for chunk in expanded {
            room.removeAll()
            checksums ^= CRC32.checksum(chunk.span.bytes)
            try compressor.compress(chunk.span.bytes, appendingTo: &room)
        }
    }

    /// What any replay does at least: every chunk expanded, and the tokens of its frames found.
    func index() throws {
        var room = GrowableBytes(capacity: 4 << 20)
        for (row, chunk) in stored.enumerated() {
            room.removeAll()
            try expander.decompress(chunk.span.bytes, appendingTo: &room, maximumSize: sizes[row])
            var failed = false
            Log.forEachFrame(of: room.bytes) { frame, _ in
                // Safe: `room` is larger than any chunk by more than simdjson reads ahead.
                frame.withUnsafeBytes { bytes in
                    guard let text = bytes.baseAddress else { return }
                    let start = text.assumingMemoryBound(to: CChar.self)
                    failed = simdjson_index(parser, start, bytes.count) != 0 || failed
                }
            }
            precondition(!failed, "a frame is not JSON")
        }
    }

    /// A whole replay, from the file to aggregates.
    func replay(_ clock: ClockMode) throws {
        let counter = AggregateCounter()
        var options = ReplayOptions(synchronizer: SynchronizerOptions(clock: clock), digests: false)
        options.synchronizer.bookContent = .totals
        var replay = try Replay(paths: [path], options: options, into: counter)
        while try replay.run(limit: 1 << 20) {}
        _ = try replay.finish()
        rows[clock] = counter.rows
    }

    /// All frames by the reader, from the file.
    func read() throws {
        let reader = try RecordingReader(path: path)
        var (count, bytes) = (0, 0)
        while try reader.advance() {
            count += 1
            bytes += reader.bytes.byteCount
        }
        precondition(bytes > 0, "no frames")
        frames = count
    }

    /// All frames by the writer, to where nothing is kept.
    ///
    /// They come from chunks expanded beforehand: reading is not measured.
    func write() throws {
        let descriptor = open("/dev/null", O_WRONLY)
        defer { close(descriptor) }
        let output = ByteOutput(descriptor: descriptor, name: "/dev/null")
        let writer = try RecordingWriter(output, session: SessionFacts(start: 1))
        let channel = FrameChannel(exchange: "exchange", market: "linear", slot: "c0", direction: .received)
        let number = try writer.add(channel)
        for chunk in expanded { try append(chunk, to: writer, number) }
        try writer.finish(reason: "measured")
    }

    private func append(
        _ chunk: [UInt8],
        to writer: RecordingWriter,
        _ number: RecordingWriter.ChannelNumber
    ) throws {
        try Log.forEachFrame(of: chunk.span.bytes) { frame, time in
            try writer.write(frame, on: number, at: time)
        }
    }

    /// The data of every message of an expanded chunk, and its log time.
    private static func forEachFrame(
        of bytes: RawSpan,
        _ body: (RawSpan, Int64) throws -> Void
    ) rethrows {
        var position = 0
        while position < bytes.byteCount {
            let code = bytes.unsafeLoad(fromByteOffset: position, as: UInt8.self)
            let length = Int(bytes.unsafeLoadUnaligned(fromByteOffset: position + 1, as: UInt64.self))
            if code == 5 {
                let time = bytes.unsafeLoadUnaligned(fromByteOffset: position + 15, as: Int64.self)
                try body(bytes.extracting(position + 31..<position + 9 + length), time)
            }
            position += 9 + length
        }
    }
}

/// Counts the aggregates of a replay and keeps nothing.
private final class AggregateCounter: RowSink {
    var rows = 0
    let wants: RowNeeds = []

    func write(_ row: borrowing Row) { rows += 1 }
}
