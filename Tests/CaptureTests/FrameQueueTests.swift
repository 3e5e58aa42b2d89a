import ByteCoding
import MarketModel
import Recording
import Testing

@testable import Capture

@Suite("Frame queue")
struct FrameQueueTests {
    private func drain(_ queue: FrameQueue) -> [String] {
        var spare = GrowableBytes()
        var entries: [String] = []
        _ = queue.drain(into: &spare, milliseconds: 0) { kind, connection, time, bytes in
            if kind == .status, let status = StatusRecord(bytes) {
                entries.append("c\(connection) \(status.stateName) \(status.count ?? 0) at \(time)")
            } else {
                entries.append(
                    "c\(connection) \(bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) })"
                )
            }
        }
        return entries
    }

    private func put(_ queue: FrameQueue, _ text: String, _ connection: Int = 0, at time: Int64 = 1) {
        let bytes = Array(text.utf8)
        queue.enqueue(.received, connection: connection, time: time, bytes.span.bytes)
    }

    @Test("gives back what was put in, in order")
    func order() {
        let queue = FrameQueue(capacity: 1 << 16, connections: 2)
        put(queue, "a")
        put(queue, "b", 1)
        put(queue, "")
        #expect(drain(queue) == ["c0 a", "c1 b", "c0 "])
        #expect(drain(queue) == [])
    }

    @Test("what does not fit is counted at its place")
    func drops() {
        let queue = FrameQueue(capacity: 60, connections: 2)
        put(queue, "0123456789", at: 1)
        put(queue, "abcdefghij", at: 2)
        put(queue, "lost", at: 3)
        put(queue, "lost", at: 4)
        put(queue, "lost", 1, at: 5)
        #expect(drain(queue) == ["c0 0123456789", "c0 abcdefghij"])
        put(queue, "after", at: 6)
        #expect(drain(queue) == ["c0 dropped 2 at 4", "c0 after"])
        queue.close()
        #expect(drain(queue) == ["c1 dropped 1 at 5"])
        #expect(queue.droppedFrames == 3)
    }
}

/// A reply may be larger than the queue.
@Suite("Replies in the frame queue")
struct QueuedReplyTests {
    private static let capacity = 1_000
    private static let frame = 100 - 16

    /// Adds frames of 100 bytes each, including the queue's header.
    private func put(_ queue: FrameQueue, _ count: Int) {
        let bytes = [UInt8](repeating: 0x66, count: Self.frame)
        for _ in 0..<count { queue.enqueue(.received, connection: 0, time: 1, bytes.span.bytes) }
    }

    private func reply(_ queue: FrameQueue, size: Int) {
        queue.enqueue(.reply, connection: 0, time: 1, [UInt8](repeating: 0x72, count: size - 16).span.bytes)
    }

    /// Drains the queue, adding frames during the write; returns how many entries of each kind were
    /// drained.
    private func take(_ queue: FrameQueue, putting count: Int = 0) -> (frames: Int, replies: Int) {
        var (frames, replies) = (0, 0)
        var spare = GrowableBytes()
        _ = queue.drain(into: &spare, milliseconds: 0) { kind, _, _, _ in
            if frames + replies == 0 { put(queue, count) }
            if kind == .reply { replies += 1 } else if kind == .received { frames += 1 }
        }
        return (frames, replies)
    }

    @Test("a reply larger than the queue is kept and displaces no frame, before it or behind it")
    func largeReply() {
        let queue = FrameQueue(capacity: Self.capacity, connections: 1)
        put(queue, 5)
        reply(queue, size: 50_000)
        put(queue, 5)
        #expect(take(queue) == (10, 1) && queue.droppedFrames == 0)
    }

    @Test("while a reply is written as many bytes more may wait, also behind it, and no more")
    func writing() {
        let queue = FrameQueue(capacity: Self.capacity, connections: 1)
        reply(queue, size: 5_000)
        // 10 frames for the capacity, 50 for the reply.
        #expect(take(queue, putting: 60) == (0, 1))
        #expect(take(queue, putting: 60) == (60, 0))
        #expect(take(queue, putting: 30) == (60, 0))
        #expect(take(queue, putting: 10) == (30, 0))
        #expect(take(queue) == (10, 0) && queue.droppedFrames == 0)
        put(queue, 11)
        #expect(queue.droppedFrames == 1)
    }

    @Test("while a reply waits no more than the capacity waits beside it")
    func waiting() {
        let queue = FrameQueue(capacity: Self.capacity, connections: 1)
        put(queue, 4)
        reply(queue, size: 5_000)
        put(queue, 6)
        #expect(queue.droppedFrames == 0)
        put(queue, 1)
        #expect(queue.droppedFrames == 1)
    }

    @Test("frames behind a waiting reply get no room of their own, turn after turn", arguments: 1...5)
    func framesBehind(turns: Int) {
        let queue = FrameQueue(capacity: Self.capacity, connections: 1)
        reply(queue, size: 5_000)
        put(queue, 10)
        // 10 frames for the capacity, 50 for the reply; then as many again while those are written.
        for turn in 1...turns {
            let taken = take(queue, putting: turn == turns ? 61 : 60)
            #expect(taken == (turn == 1 ? (10, 1) : (60, 0)))
        }
        #expect(queue.droppedFrames == 1)
    }

    @Test("a flood behind a waiting reply takes the capacity, then the capacity and the reply's size a turn")
    func flood() {
        let queue = FrameQueue(capacity: Self.capacity, connections: 1)
        reply(queue, size: 5_000)
        put(queue, 200)
        #expect(take(queue, putting: 200) == (10, 1))
        for _ in 0..<5 {
            // Counts of lost frames need a little room.
            let taken = take(queue, putting: 200)
            #expect((55...60).contains(taken.frames))
        }
    }

    @Test("once the disk has caught up the reply's room is gone")
    func caughtUp() {
        let queue = FrameQueue(capacity: Self.capacity, connections: 1)
        reply(queue, size: 5_000)
        for count in [60, 60, 10] { _ = take(queue, putting: count) }
        #expect(take(queue, putting: 10) == (10, 0) && queue.droppedFrames == 0)
        #expect(take(queue, putting: 11) == (10, 0) && queue.droppedFrames == 1)
    }

    @Test("each reply has its room, and no more")
    func repliesInTurn() {
        let queue = FrameQueue(capacity: Self.capacity, connections: 1)
        reply(queue, size: 2_000)
        _ = take(queue, putting: 30)
        reply(queue, size: 3_000)
        // 30 frames and the second reply are being written.
        #expect(take(queue, putting: 60) == (30, 1) && queue.droppedFrames == 0)
        put(queue, 1)
        #expect(queue.droppedFrames == 1)
    }

    @Test("what may wait beside the capacity never grows", arguments: [[61], [60, 61], [20, 21], [5, 11]])
    func bound(counts: [Int]) {
        let queue = FrameQueue(capacity: Self.capacity, connections: 1)
        reply(queue, size: 5_000)
        for count in counts { _ = take(queue, putting: count) }
        #expect(queue.droppedFrames == 1)
    }

    @Test("frames alone never pass the capacity")
    func framesAlone() {
        let queue = FrameQueue(capacity: Self.capacity, connections: 1)
        put(queue, 10)
        for _ in 0..<5 { _ = take(queue, putting: 10) }
        #expect(queue.droppedFrames == 0)
        put(queue, 1)
        #expect(queue.droppedFrames == 1)
    }
}

@Suite("Endpoints")
struct EndpointTests {
    @Test("takes addresses apart")
    func parts() throws {
        let plain = try Endpoint("ws://127.0.0.1:9001/v5/public")
        #expect(
            plain.host == "127.0.0.1" && plain.port == 9001 && plain.path == "/v5/public" && !plain.isSecure
        )
        let secure = try Endpoint("wss://ws.kraken.com")
        #expect(secure.host == "ws.kraken.com" && secure.port == 443 && secure.path == "/" && secure.isSecure)
        #expect(try Endpoint("ws://[::1]:80/").host == "::1")
    }

    @Test(
        "refuses what is none",
        arguments: ["http://x", "ws://", "ws://a:0", "ws://a:99999", "wss://a b", "ws://[::1", "ws://a?b"]
    )
    func refuses(text: String) {
        #expect(throws: CaptureError.badEndpoint(text)) { try Endpoint(text) }
    }
}
