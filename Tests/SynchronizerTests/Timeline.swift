import MarketModel

/// A stream of frames written as text, for people: what arrived, of which instrument, when.
///
/// Tokens are separated by white space, one per frame. Times are in the unit given to the parser.
///
///     t1000        a trade of instrument A, received at 1000, stamped 1000
///     t1000/950    the same, stamped 950 by the venue
///     B.t1000      of instrument B; c2:t1000 on connection 2
///     t1000#x      with the id x; t1000~ of a list sent on subscribing
///     t1000,l,b    one frame with several events, all received at 1000
///     b1000 l1000 f1000 o1000     book message, liquidation, funding rate, open interest
///     gap1000      a message of the book that reveals a fault; g1000 a book message after which it is gapped
///     ok:t1000     an ack of trades; ok:*1000 of every kind of all instruments of the connection
///     off:t1000    a confirmed unsubscription
///     k1000        a frame without events
///     lost1000     the frame reveals that frames of its connection were lost before it
///     cut1000      a status record: the connection is gone
///     tick1000     an explicit tick
struct Timeline {
    enum Kind: Equatable {
        case trade
        case snapshotTrade
        case liquidation
        case book(isGapped: Bool)
        case bookFault
        case funding
        case interest
        case live(FeedKinds, all: Bool)
        case unsubscribed(FeedKinds)
        case lost
    }

    struct Event: Equatable {
        var kind: Kind
        var instrument: Int
        var venue: Int64?
        var id: String?
    }

    struct Frame: Equatable {
        var connection: Int32
        var receive: Int64
        var venue: Int64?
        var events: [Event]
    }

    enum Step: Equatable {
        case frame(Frame)
        case cut(connection: Int32, at: Int64)
        case tick(Int64)
    }

    var steps: [Step] = []

    /// `unit` is in nanoseconds.
    init(_ text: String, unit: Int64) {
        for token in text.split(whereSeparator: \.isWhitespace) {
            steps.append(Timeline.step(String(token), unit: unit))
        }
    }

    init(steps: [Step]) { self.steps = steps }
}

// MARK: - Parsing; a text that cannot be read is a fault of the test

extension Timeline {
    private static func step(_ token: String, unit: Int64) -> Step {
        var rest = Substring(token)
        var connection: Int32 = 0
        if rest.hasPrefix("c"), let colon = rest.firstIndex(of: ":"),
            let number = Int32(rest[..<colon].dropFirst())
        {
            connection = number
            rest = rest[rest.index(after: colon)...]
        }
        if rest.hasPrefix("tick") { return .tick(time(rest.dropFirst(4), unit)) }
        if rest.hasPrefix("cut") { return .cut(connection: connection, at: time(rest.dropFirst(3), unit)) }
        var frame = Frame(connection: connection, receive: 0, venue: nil, events: [])
        for (index, part) in rest.split(separator: ",").enumerated() {
            let (event, receive) = event(part, isFirst: index == 0, frame.receive, unit)
            if index == 0 {
                frame.receive = receive
                frame.venue = event.venue ?? receive
            }
            if let event = event.asEvent { frame.events.append(event) }
        }
        return .frame(frame)
    }

    private struct Parsed {
        var kind: Kind?
        var instrument: Int
        var venue: Int64?
        var id: String?
        var asEvent: Event? {
            kind.map { Event(kind: $0, instrument: instrument, venue: venue, id: id) }
        }
    }

    private static func event(
        _ text: Substring,
        isFirst: Bool,
        _ frameTime: Int64,
        _ unit: Int64
    ) -> (Parsed, Int64) {
        var rest = text
        var parsed = Parsed(instrument: 0)
        if let dot = rest.firstIndex(of: "."), rest.startIndex < dot, let letter = rest.unicodeScalars.first {
            parsed.instrument = Int(letter.value) - 65
            rest = rest[rest.index(after: dot)...]
        }
        if let mark = rest.firstIndex(of: "#") {
            parsed.id = String(rest[rest.index(after: mark)...])
            rest = rest[..<mark]
        }
        let isListed = rest.hasSuffix("~")
        if isListed { rest = rest.dropLast() }
        let (kind, numbers) = kind(rest)
        parsed.kind = kind == .trade && isListed ? .snapshotTrade : kind
        let times = numbers.split(separator: "/", omittingEmptySubsequences: false)
        let receive = isFirst ? time(times[0], unit) : frameTime
        parsed.venue = times.count > 1 ? time(times[1], unit) : receive
        return (parsed, receive)
    }

    private static func kind(_ text: Substring) -> (Kind?, Substring) {
        let words: [(String, Kind?)] = [
            ("gap", .bookFault), ("lost", .lost), ("ok:*", .live(.all, all: true)),
            ("ok:t", .live(.trades, all: false)), ("ok:l", .live(.liquidations, all: false)),
            ("ok:b", .live(.book, all: false)), ("off:t", .unsubscribed(.trades)),
            ("off:b", .unsubscribed(.book)), ("t", .trade), ("l", .liquidation),
            ("b", .book(isGapped: false)), ("g", .book(isGapped: true)), ("f", .funding), ("o", .interest),
            ("k", nil),
        ]
        for (word, kind) in words where text.hasPrefix(word) { return (kind, text.dropFirst(word.count)) }
        preconditionFailure("no such event: \(text)")
    }

    private static func time(_ text: Substring, _ unit: Int64) -> Int64 {
        guard let number = Int64(text) else { preconditionFailure("no time: \(text)") }
        return number * unit
    }
}
