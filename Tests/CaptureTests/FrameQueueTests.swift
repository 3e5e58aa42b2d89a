import ByteCoding
import Recording
import Testing

@testable import Capture

@Suite("Frame queue")
struct FrameQueueTests {
    private func drain(_ queue: FrameQueue) -> [String] {
        var spare = ByteBuffer()
        var entries: [String] = []
        _ = queue.take(into: &spare, milliseconds: 0) { kind, connection, time, bytes in
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
        queue.put(.received, connection: connection, time: time, bytes.span.bytes)
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
