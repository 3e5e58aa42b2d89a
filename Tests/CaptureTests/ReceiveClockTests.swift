import Testing

@testable import Capture

@Suite("Receive clock")
struct ReceiveClockTests {
    private let second: Int64 = 1_000_000_000

    @Test("never steps back, whatever wall time and monotonic readings do")
    func monotone() {
        var random = SystemRandomNumberGenerator()
        var clock = ReceiveClock(wall: 1_000 * second, monotonic: 0)
        var monotonic: Int64 = 0
        var last: Int64 = 0
        for step in 0..<20_000 {
            monotonic += Int64.random(in: -1_000...1_000_000, using: &random)
            if step % 50 == 0 {
                let wall =
                    1_000 * second + monotonic + Int64.random(in: -3 * second...3 * second, using: &random)
                clock.follow(wall: wall, monotonic: monotonic)
                if step % 500 == 0 { _ = clock.rebase() }
            }
            let time = clock.time(at: monotonic)
            #expect(time >= last)
            last = time
        }
    }

    @Test("runs at most 500 ppm faster")
    func slews() {
        var clock = ReceiveClock(wall: 0, monotonic: 0)
        #expect(clock.follow(wall: second / 2, monotonic: 0) == second / 2)
        #expect(clock.time(at: 60 * second) == 60 * second + 30_000_000)
    }

    @Test("a small offset is made up for within a minute")
    func closes() {
        var clock = ReceiveClock(wall: 0, monotonic: 0)
        clock.follow(wall: 6_000_000, monotonic: 0)
        #expect(clock.time(at: 60 * second) == 60 * second + 6_000_000)
    }

    @Test("an offset over a second waits for a rebase, and only forward")
    func rebases() {
        var clock = ReceiveClock(wall: 0, monotonic: 0)
        clock.follow(wall: 11 * second, monotonic: second)
        #expect(clock.time(at: second) == second)
        #expect(clock.rebase() == 10 * second)
        #expect(clock.time(at: second) == 11 * second)
        clock.follow(wall: 0, monotonic: 2 * second)
        #expect(clock.rebase() == 0)
        #expect(clock.time(at: 2 * second) == 12 * second)
    }
}
