import Exchanges
import MarketModel
import Testing

@testable import Capture

@Suite("The schedule of REST requests")
struct ReplyScheduleTests {
    private static let second = UnixTime.second

    private func schedule(_ limit: Int) -> ReplySchedule {
        ReplySchedule(weightLimit: limit, interval: 30 * Self.second, policy: ReconnectPolicy(), seed: 1)
    }

    @Test("in no minute is more asked than the venue allows, and nothing waits longer than it must")
    func weight() throws {
        var schedule = schedule(100)
        for topic in 0..<40 {
            schedule.add(ReplyRequest("/\(topic)", weight: 20), for: .seed(topic: topic), on: 0, at: 0)
        }
        var made: [Int64] = []
        for step in 0..<6_000 {
            let now = Int64(step) * 100 * UnixTime.millisecond
            while let entry = schedule.next(at: now) {
                made.append(now)
                _ = schedule.succeeded(entry.id, at: now)
            }
        }
        #expect(made.count == 40)
        for first in made { #expect(made.count { first..<(first + 60 * Self.second) ~= $0 } <= 5) }
        #expect(made.last == 7 * 60 * Self.second)
    }

    @Test("few requests are unanswered at a time, and seeds go before values")
    func order() throws {
        var schedule = schedule(1_000)
        for index in 0..<3 { schedule.add(ReplyRequest("/value\(index)"), for: .poll, on: 0, at: 0) }
        for topic in 0..<3 { schedule.add(ReplyRequest("/seed"), for: .seed(topic: topic), on: 0, at: 1) }
        // The same seed again, while it waits, is the same request.
        schedule.add(ReplyRequest("/seed"), for: .seed(topic: 0), on: 0, at: 1)
        var paths: [String] = []
        while let entry = schedule.next(at: 1) { paths.append(entry.request.path) }
        #expect(paths == ["/seed", "/seed", "/seed", "/value0"])
    }

    @Test("a refusal for rate stops all requests for as long as it says; other failures only their own")
    func failures() throws {
        var schedule = schedule(1_000)
        schedule.add(ReplyRequest("/a"), for: .seed(topic: 0), on: 0, at: 0)
        schedule.add(ReplyRequest("/b"), for: .seed(topic: 0), on: 1, at: 0)
        let made = [schedule.next(at: 0), schedule.next(at: 0)]
        let (a, b) = (try #require(made[0]), try #require(made[1]))
        let failed = schedule.failed(a.id, RESTFailure(reason: "down"), at: 0)
        let down = try #require(failed)
        #expect(50 * UnixTime.millisecond...100 * UnixTime.millisecond ~= down.wait)
        let (early, again) = (schedule.next(at: 10), schedule.next(at: down.wait))
        #expect(early == nil && again?.id == a.id)
        let busy = RESTFailure(reason: "busy", status: 429, retryAfter: 7 * Self.second)
        let start = Self.second
        let refused = schedule.failed(b.id, busy, at: start)
        #expect(refused?.wait == 7 * Self.second)
        schedule.add(ReplyRequest("/c"), for: .seed(topic: 1), on: 0, at: start)
        let paused = schedule.next(at: start + 7 * Self.second - 1)
        let next = schedule.next(at: start + 7 * Self.second)
        #expect(paused == nil && next?.request.path == "/b")
    }

    @Test("values come at their interval; what a closed connection asked is of no use")
    func polls() throws {
        var schedule = schedule(1_000)
        schedule.add(ReplyRequest("/value"), for: .poll, on: 0, at: 5)
        let first = schedule.next(at: 5)
        let answered = try schedule.succeeded(#require(first).id, at: Self.second)
        let early = schedule.next(at: 30 * Self.second + 4)
        #expect(answered != nil && early == nil)
        let second = schedule.next(at: 30 * Self.second + 5)
        schedule.forget(0)
        let late = try schedule.succeeded(#require(second).id, at: 31 * Self.second)
        #expect(late == nil)
    }
}
