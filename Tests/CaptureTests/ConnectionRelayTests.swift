import MarketModel
import Testing

@testable import Capture

@Suite("Turns of two slots")
struct ConnectionRelayTests {
    private var relay = ConnectionRelay(0, 1, lifetime: 1_000 * UnixTime.second, overlap: 2 * UnixTime.second)

    private mutating func tick(
        _ second: Int64,
        _ change: (inout ConnectionRelay.View) -> Void = { _ in },
        is expected: ConnectionRelay.Step,
        at place: SourceLocation = #_sourceLocation
    ) {
        var view = ConnectionRelay.View(openSince: 0)
        change(&view)
        let step = relay.tick(at: second * UnixTime.second, view)
        #expect(step == expected, sourceLocation: place)
    }

    private static func openLate(_ view: inout ConnectionRelay.View) {
        view.openSince = 952 * UnixTime.second
    }

    private static func open(_ view: inout ConnectionRelay.View) { view.isNextOpen = true }

    private static func flow(_ view: inout ConnectionRelay.View) {
        (view.isNextOpen, view.isNextFlowing) = (true, true)
    }

    @Test("the next slot opens before the lifetime is over, flows a while, and then the other closes")
    mutating func turn() {
        tick(949, is: .none)
        tick(950, is: .open(1))
        tick(951, is: .none)
        tick(952, Self.open, is: .none)
        #expect(!relay.isOverlapping)
        tick(960, Self.flow, is: .join(1))
        #expect(relay.isOverlapping)
        tick(961, Self.flow, is: .none)
        #expect(relay.active == 0)
        tick(962, Self.flow, is: .close(0))
        #expect(relay.active == 1 && relay.next == 0 && relay.changes == 1)
        tick(963, Self.openLate, is: .none)
        tick(952 + 950, Self.openLate, is: .open(0))
    }

    @Test("a close that is announced does the same at once, one of a closed connection nothing")
    mutating func announced() {
        tick(5, { ($0.isAnnounced, $0.openSince) = (true, nil) }, is: .none)
        tick(5, { $0.isAnnounced = true }, is: .open(1))
        tick(6, Self.flow, is: .join(1))
        tick(8, Self.flow, is: .close(0))
    }

    @Test(
        "a next slot that fails while it overlaps is waited for; one that lacks some topics for long takes over"
    )
    mutating func failing() {
        tick(950, is: .open(1))
        tick(951, Self.flow, is: .join(1))
        tick(954, is: .none)
        #expect(!relay.isOverlapping)
        tick(1_000, Self.open, is: .none)
        #expect(!relay.isOverlapping)
        tick(1_014, Self.open, is: .join(1))
        #expect(relay.isOverlapping)
        tick(1_016, Self.open, is: .close(0))
    }

    @Test("a slot that closes while the other overlaps is replaced, another one is not")
    mutating func closedEarly() {
        var view = ConnectionRelay.View(openSince: 0)
        tick(950, is: .open(1))
        Self.flow(&view)
        var isReplaced = relay.closed(0, view)
        #expect(!isReplaced)
        tick(951, Self.flow, is: .join(1))
        isReplaced = relay.closed(1, view)
        #expect(!isReplaced)
        isReplaced = relay.closed(0, view)
        #expect(isReplaced)
        #expect(relay.active == 1 && relay.changes == 1 && !relay.isOverlapping)
    }
}
