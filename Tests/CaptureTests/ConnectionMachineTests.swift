import Exchanges
import MarketModel
import Recording
import Testing

@testable import Capture

/// A timeline of a connection with the trades of A, and no reaction to silence.
private func timeline(
    _ text: String,
    _ change: (inout ConnectionMachine.Settings) -> Void = { _ in }
) -> String {
    var timeline = Timeline(
        .bybit,
        .linear,
        [Subscription(.trades, symbol: "A")],
        feeds: { ($0.silence, $0.patience) = (1_000_000_000_000, 1_000_000_000_000) },
        change
    )
    return timeline.play(text).replacing(/\+\d+\[publicTrade.A\]/, with: "SUB")
        .replacing("trades/", with: "")
}

@Suite("Connection machine")
struct ConnectionMachineTests {
    @Test("connects, subscribes, and notes both")
    func opens() {
        #expect(timeline("0 start; 80 open") == "0 connecting CONNECT; 80 connected SUB")
    }

    @Test("waits longer after each failure, and reconnects with a new epoch")
    func backsOff() {
        let told = timeline("0 start; 10 close; 100 tick; 110 tick; 120 close; 310 tick; 320 tick")
        #expect(
            told == "0 connecting CONNECT; 10 disconnected; 110 connecting CONNECT; 120 disconnected; "
                + "320 connecting CONNECT"
        )
    }

    @Test("waits begin anew after a healthy period, not before")
    func resetsAfterHealth() {
        let short = timeline(
            "0 start; 1 close; 101 tick; 102 open; 200 data trades/A; 300 close; 450 tick; 500 tick"
        )
        #expect(short.hasSuffix("300 disconnected gap[disconnect,all]; 500 connecting CONNECT"))
        let long = timeline(
            "0 start; 1 close; 101 tick; 102 open; 40000 data trades/A; 40001 close; 40101 tick"
        )
        #expect(long.hasSuffix("40101 connecting CONNECT"))
    }

    @Test("rests without a gap when another connection carries on, and begins anew when it is started")
    func rests() {
        let told = timeline(
            "0 start; 1 open; 2 data trades/A; 9000 rest; 9001 close; 9100 tick; 90000 tick; 99000 start; 99001 open"
        )
        #expect(
            told
                == "0 connecting CONNECT; 1 connected SUB; 9000 disconnected CLOSE; 99000 connecting CONNECT; "
                + "99001 connected SUB"
        )
        // A gap that is open ends: the other connection has the data.
        let broken = timeline(
            "0 start; 1 open; 2 data trades/A; 3000 close; 3001 rest; 90000 tick; 90001 rest"
        )
        #expect(broken.hasSuffix("3000 disconnected gap[disconnect,all]; 3001 healed[all]"))
    }

    @Test("a breaker opens after many failures and probes once")
    func breaks() {
        let text =
            "0 start; 1 close; 101 tick; 102 close; 302 tick; 303 close; 30000 tick; 60303 tick; 60304 close"
            + "; 60404 tick; 120304 tick"
        let told = timeline(text) { $0.reconnect.maximumAttempts = 3 }
        #expect(
            told.hasSuffix(
                "303 disconnected; 60303 connecting CONNECT; 60304 disconnected; 120304 connecting CONNECT"
            )
        )
    }

    @Test("heartbeats do not hide staleness: only data counts")
    func stalls() {
        let told = timeline(
            "0 start; 0 open; 100 data trades/A; 2000 pong; 4000 data trades/A; 63999 tick; 64000 tick; 64010 close; 64110 tick"
        )
        #expect(
            told == "0 connecting CONNECT; 0 connected SUB; 64000 stalled gap[stalled,all] CLOSE; "
                + "64110 connecting CONNECT"
        )
    }

    @Test("a gap lasts from the break to the next data")
    func gaps() {
        let told = timeline(
            "0 start; 0 open; 10 data trades/A; 20 close; 120 tick; 130 open; 150 data trades/A"
        )
        #expect(told.contains("20 disconnected gap[disconnect,all]"))
        #expect(told.hasSuffix("130 connected SUB; 150 healed[all]"))
    }

    @Test("pings the venue as it wishes and measures the round trip")
    func pings() {
        let told = timeline("0 start; 0 open; 15000 tick; 20000 tick; 20001 tick") {
            $0.pingInterval = 15_000_000_000
            $0.venuePing = "P"
        }
        #expect(told.hasSuffix("15000 PING; 20000 P"))
    }

    @Test("jitter shortens a wait by at most its share")
    func jitter() {
        var policy = ReconnectPolicy()
        policy.jitter = 0.5
        #expect(policy.delay(after: 1, draw: 0) == 100_000_000)
        #expect(policy.delay(after: 3, draw: 0.999_999) > 200_000_000)
        #expect(policy.delay(after: 9, draw: 0) == 10_000_000_000)
        #expect(policy.delay(after: 60, draw: 0) == policy.probeDelay)
    }

    @Test("an attempt that does not open is given up after its limit and made again")
    func openLimit() {
        #expect(
            timeline("0 start; 19999 tick; 20000 tick; 20001 close; 20101 tick")
                == "0 connecting CONNECT; 20000 disconnected CLOSE; 20101 connecting CONNECT"
        )
    }

    @Test("a connection is hopeless once attempts became rare before it was ever open")
    func hopeless() {
        var settings = ConnectionMachine.Settings()
        settings.reconnect.maximumAttempts = 2
        var machine = ConnectionMachine(settings, FeedSubscriptions(.bybit, market: .linear, []), seed: 1)
        _ = machine.start(at: 0)
        _ = machine.closed(at: 1, reason: "refused")
        #expect(!machine.hasGivenUp)
        _ = machine.tick(at: 1_000_000_000)
        _ = machine.closed(at: 1_000_000_001, reason: "refused")
        #expect(machine.hasGivenUp)
        _ = machine.tick(at: 100_000_000_000)
        _ = machine.opened(at: 100_000_000_001)
        _ = machine.closed(at: 100_000_000_002, reason: "gone")
        #expect(!machine.hasGivenUp)
    }
}

@Suite("Gap notes")
struct GapNoteTests {
    @Test(
        "a note comes back from the queue as it went in",
        arguments: [
            GapNote("bybit/linear/c0", cause: "disconnect"),
            GapNote("kraken/spot/c1/trades/A", tradesMissed: 7),
            GapNote("x"), GapNote("strange\nname", cause: "sequence"),
        ]
    )
    func roundTrip(note: GapNote) { #expect(GapNote(note.bytes.span.bytes) == note) }
}

@Suite("Capture plans")
struct CapturePlanTests {
    @Test("what a venue does not take on one connection goes to several, nothing lost and nothing twice")
    func split() {
        let feeds = (0..<400).map { Subscription([.book, .trades], symbol: "SYMBOL\($0)USDT", depth: 50) }
        let whole = CapturePlan.Connection(exchange: .bybit, market: .linear, subscriptions: feeds)
        let plan = CapturePlan(connections: [whole], folder: "x")
        #expect(plan.connections.count > 1)
        #expect(plan.connections.flatMap(\.subscriptions) == feeds)
        for connection in plan.connections {
            let requests = Bybit().requests(for: connection.subscriptions, market: .linear)
            #expect(requests.reduce(0) { $0 + $1.utf8.count } <= 21_000)
        }
        let kraken = CapturePlan.Connection(exchange: .kraken, market: .spot, subscriptions: feeds)
        #expect(CapturePlan(connections: [kraken], folder: "x").connections.count == 1)
    }
}
