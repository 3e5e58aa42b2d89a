import ByteCoding
import Dispatch
import Synchronization
import Testing

@testable import Capture

/// Keeps its records; waits before the first one until released.
private final class Listener: CaptureObserver {
    let gate = DispatchSemaphore(value: 0)
    let heard = Mutex<[String]>([])
    private let waits: Bool

    init(waits: Bool = false) { self.waits = waits }

    func received(_ frame: RawSpan, connection: Int, at time: Int64) {
        if waits, heard.withLock(\.isEmpty) { gate.wait() }
        let text = frame.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        heard.withLock { $0.append("\(text)@\(time)") }
    }

    func sent(_ frame: RawSpan, connection: Int, at time: Int64) { heard.withLock { $0.append("sent") } }
    func status(_ json: RawSpan, connection: Int, at time: Int64) { heard.withLock { $0.append("status") } }
    func reply(_ body: RawSpan, path: String, connection: Int, at time: Int64) {
        heard.withLock { $0.append("\(path)=\(body.byteCount)") }
    }
    func logged() { heard.withLock { $0.append("logged") } }
    func withdrawn() { heard.withLock { $0.append("withdrawn") } }
    func passed(_ now: Int64) {}
    func ended(isWhole: Bool) { heard.withLock { $0.append(isWhole ? "whole" : "cut short") } }
}

@Suite("Followers of the log")
struct LogFollowerTests {
    private func hold(_ text: String, at time: Int64, in follower: LogFollower) {
        let bytes = Array(text.utf8)
        follower.hold(.received, 0, time, bytes.span.bytes)
    }

    private func follower(
        _ listener: Listener,
        limit: Int = 1 << 20,
        isEarly: Bool = false
    ) throws -> LogFollower {
        let follower = LogFollower(listener, limit: limit, isEarly: isEarly) { _ in }
        try follower.begin()
        return follower
    }

    @Test("records come once their chunk is written; those of a chunk that is cut back never do")
    func chunks() throws {
        let listener = Listener()
        let follower = try follower(listener)
        hold("a", at: 1, in: follower)
        hold("b", at: 2, in: follower)
        follower.pass()
        let reply = LoggedReply.bytes(Array("{}".utf8).span.bytes, path: "/é?x=1")
        follower.hold(.reply, 0, 2, reply.bytes)
        follower.release()
        hold("c", at: 3, in: follower)
        follower.withdraw()
        hold("d", at: 4, in: follower)
        follower.release()
        hold("e", at: 5, in: follower)
        follower.end()
        #expect(
            listener.heard.withLock { $0 } == ["a@1", "b@2", "/é?x=1=2", "logged", "d@4", "logged", "whole"]
        )
    }

    @Test("early records come at once, and their fate after them")
    func early() throws {
        let listener = Listener()
        let follower = try follower(listener, isEarly: true)
        hold("a", at: 1, in: follower)
        follower.pass()
        hold("b", at: 2, in: follower)
        follower.release()
        hold("c", at: 3, in: follower)
        follower.pass()
        follower.withdraw()
        follower.end()
        #expect(
            listener.heard.withLock { $0 } == ["a@1", "b@2", "logged", "c@3", "withdrawn", "whole"]
        )
    }

    @Test("an observer that is too slow gets the records up to a place and none behind it")
    func slow() throws {
        let listener = Listener(waits: true)
        let follower = try follower(listener, limit: 200)
        for time in 1...100 {
            hold("x", at: Int64(time), in: follower)
            follower.release()
        }
        listener.gate.signal()
        follower.end()
        let heard = listener.heard.withLock { $0 }
        #expect(heard.last == "cut short")
        let records = heard.filter { $0.hasPrefix("x") }
        #expect(records.count > 5 && records.count < 50)
        #expect(records == (1...records.count).map { "x@\($0)" })
    }
}

@Suite("Lines about a connection")
struct WarningLimitTests {
    @Test("each text is shown once, only so many a window, and the rest is summed up")
    func sums() {
        var limit = WarningLimit(lines: 3, window: 100)
        let shown = ["a", "a", "b", "c", "d\u{1b}"].enumerated().map { time, text in
            limit.admits(text, at: Int64(time))
        }
        #expect(shown == [true, false, true, true, false])
        let sums = [99, 100, 300].map { limit.sum(at: $0) }
        #expect(sums == [nil, #"2 further messages like the last: d\u{1b}"#, nil])
        let later = [301, 302].map { limit.admits("a", at: $0) }
        #expect(later == [true, false])
        let last = limit.sum(at: 303, isLast: true)
        #expect(last == "1 further messages like the last: a")
    }
}
