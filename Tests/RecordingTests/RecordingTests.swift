import ByteCoding
import MarketModel
import Recording
import Testing

struct SentFrame: Equatable {
    var topic: String
    var time: Int64
    var sequence: UInt32
    var text: String
}

func record(
    _ frames: [(Int, Int64, String)],
    channels: [FrameChannel],
    compression: RecordingWriter.Compression = .zstd,
    chunkSize: Int = 1 << 20,
    start: Int64 = 5
) throws -> [UInt8] {
    let output = ByteOutput()
    let writer = try RecordingWriter(
        output,
        session: SessionFacts(start: start),
        compression: compression,
        chunkSize: chunkSize
    )
    var numbers: [RecordingWriter.ChannelNumber] = []
    for channel in channels { numbers.append(try writer.add(channel)) }
    for (channel, time, text) in frames {
        try writer.write(Array(text.utf8).span.bytes, on: numbers[channel], at: time)
    }
    try writer.finish(reason: "test")
    return output.takeBytes()
}

func frames(_ reader: RecordingReader) throws -> [SentFrame] {
    var frames: [SentFrame] = []
    while try reader.advance() {
        let text = reader.bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        frames.append(
            SentFrame(
                topic: reader.channel.topic,
                time: reader.receiveTime,
                sequence: reader.sequence,
                text: text
            )
        )
    }
    return frames
}

@Suite struct RecordingTests {
    static let channels: [FrameChannel] = {
        var first = FrameChannel(exchange: "bybit", market: "linear", slot: "c0", direction: .received)
        first.endpoint = "wss://example.invalid/v5"
        first.protocolID = "bybit-v5"
        first.subscribedKinds = [.book, .openInterest]
        return [first, FrameChannel(exchange: "bybit", market: "linear", slot: "c0", direction: .status)]
    }()

    @Test(arguments: RecordingWriter.Compression.allCases, [1, 100, 1 << 20])
    func `frames come back in order with their channel and counter`(
        compression: RecordingWriter.Compression,
        chunkSize: Int
    ) throws {
        let status = StatusRecord(.disconnected, epoch: 2, reason: "a \"reason\"\n", code: 1006)
        let sent: [(Int, Int64, String)] = [
            (0, 10, "{\"a\":1}"), (1, 10, status.json), (0, 10, ""), (0, 12, "x"),
        ]
        let bytes = try record(sent, channels: Self.channels, compression: compression, chunkSize: chunkSize)
        let reader = try RecordingReader(bytes: bytes.span.bytes)
        #expect(reader.sessionStart == 5)
        let topics = ["/bybit/linear/c0/in", "/bybit/linear/c0/status"]
        #expect(
            try frames(reader) == [
                SentFrame(topic: topics[0], time: 10, sequence: 1, text: "{\"a\":1}"),
                SentFrame(topic: topics[1], time: 10, sequence: 1, text: status.json),
                SentFrame(topic: topics[0], time: 10, sequence: 2, text: ""),
                SentFrame(topic: topics[0], time: 12, sequence: 3, text: "x"),
            ]
        )
        #expect(reader.channels == Self.channels)
        #expect(reader.isComplete && !reader.isDamaged)
        #expect(
            try record(sent, channels: Self.channels, compression: compression, chunkSize: chunkSize) == bytes
        )
    }

    @Test func `a slice is by running maximum, from inclusive, to exclusive`() throws {
        let sent: [(Int, Int64, String)] = [(0, 10, "a"), (0, 30, "b"), (0, 20, "c"), (0, 40, "d")]
        let bytes = try record(sent, channels: Self.channels, chunkSize: 1)
        let whole = try RecordingReader(bytes: bytes.span.bytes)
        #expect(try frames(whole).map(\.time) == [10, 30, 30, 40])
        #expect(whole.stepsBack == 1)
        let slice = try RecordingReader(bytes: bytes.span.bytes, slice: TimeSlice(from: 30, to: 40))
        #expect(try frames(slice).map(\.text) == ["b", "c"])
    }

    @Test func `a lost chunk shows in the counters and the losses`() throws {
        let sent = (0..<30).map { (0, Int64($0), String(repeating: "\($0)", count: 50)) }
        var bytes = try record(sent, channels: Self.channels, compression: .none, chunkSize: 700)
        let target = Array("1515151515".utf8)
        let index = try #require(bytes.indices.first { bytes[$0...].starts(with: target) })
        bytes[index] ^= 1
        let reader = try RecordingReader(bytes: bytes.span.bytes)
        let read = try frames(reader)
        #expect(reader.isDamaged)
        #expect(reader.losses.count == 1)
        let lost = UInt64(30 - read.count)
        #expect(lost > 0 && reader.missingFrames == lost)
        #expect(reader.losses.first?.frames == lost)
        let first = try #require(reader.losses.first?.startTime)
        let last = try #require(reader.losses.first?.endTime)
        #expect(Int(last - first) + 1 == Int(lost) && (first...last).contains(15))
    }

    @Test func `a status record is read with any key order and unknown keys`() {
        let text = "{ \"x\":[1,{}],\"topic\":\"a\\u00e9\",\"code\":null,\"count\":3,\"state\":\"dropped\"}"
        let record = StatusRecord(Array(text.utf8).span.bytes)
        #expect(record == StatusRecord(.dropped, count: 3, topic: "aé"))
        #expect(StatusRecord(Array("{\"state\":1}".utf8).span.bytes) == nil)
        #expect(StatusRecord(Array("{\"state\":\"new\"}".utf8).span.bytes)?.state == nil)
    }

    @Test func `topics are taken apart`() {
        let channel = FrameChannel(topic: "/kraken/spot/c1/out")
        #expect(channel == FrameChannel(exchange: "kraken", market: "spot", slot: "c1", direction: .sent))
        #expect(FrameChannel(topic: "/session/clock") == .clock)
        for other in ["", "/a/b/c", "/a/b/c/nothing", "/a/b/c/clock", "a/b/c/in/d"] {
            #expect(FrameChannel(topic: other).direction == .other)
        }
    }
}
