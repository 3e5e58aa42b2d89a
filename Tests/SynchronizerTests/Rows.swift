import MarketModel
import OrderBooks
import Synchronizer

/// A row as the tests see it: its events, by their position in the stream.
struct Row: Equatable {
    var instrument: Int
    var ts: Int64
    var available: Int64
    var trades: [Int64] = []
    var liquidations: [Int64] = []
    /// Which message of the book it shows, counted from 1; nil if it shows none.
    var book: Int?
    var bookTime: Int64?
    var bookState: OrderBook.State = .awaitingSnapshot
    var funding: Int?
    var fundingTime: Int64?
    var interest: Int?
    var interestTime: Int64?
    var observed: FeedKinds = []
    var gap = false
    var partial = false
}

extension Row {
    /// `A 2000 t1000 t1500 l1200 b2 f1 o1 partial`, times in `unit`.
    func text(unit: Int64, _ parts: Parts) -> String {
        var words = [String(UnicodeScalar(UInt8(65 + instrument))), "\(ts / unit)"]
        if parts.contains(.available) { words.append("@\(available / unit)") }
        words += trades.map { "t\($0 / unit)" }
        words += liquidations.map { "l\($0 / unit)" }
        if let book { words.append("b\(book)") }
        if bookState == .gapped { words.append("gapped") }
        if let funding { words.append("f\(funding)") }
        if let interest { words.append("o\(interest)") }
        if parts.contains(.ages), let bookTime { words.append("age\((ts - bookTime) / unit)") }
        if parts.contains(.quality) {
            words.append(observed.contains(.trades) ? "T" : "-")
            words.append(observed.contains(.liquidations) ? "L" : "-")
            if gap { words.append("gap") }
        }
        if partial { words.append("partial") }
        return words.joined(separator: " ")
    }

    struct Parts: OptionSet {
        let rawValue: Int
        static let available = Parts(rawValue: 1)
        static let quality = Parts(rawValue: 2)
        static let ages = Parts(rawValue: 4)
    }
}

/// Collects rows.
///
/// Prices identify trades and liquidations: each is the time of its event in the basis.
struct RowCollector {
    var rows: [Row] = []
    var jumps: [ClockJump] = []

    mutating func collect(_ snapshot: borrowing MarketSnapshot) {
        var row = Row(
            instrument: snapshot.instrument.position,
            ts: snapshot.ts,
            available: snapshot.tsAvailable
        )
        row.trades = snapshot.trades.map(\.price.mantissa)
        row.liquidations = snapshot.liquidations.map(\.price.mantissa)
        row.bookState = snapshot.quality.bookState
        if let book = snapshot.orderbook {
            row.book = book.bids.first.map { Int($0.price.mantissa) }
            row.bookTime = snapshot.bookAge.map { snapshot.ts &- $0 }
        }
        row.funding = snapshot.fundingRate.map { Int($0.rate.mantissa) }
        row.fundingTime = snapshot.fundingAge.map { snapshot.ts &- $0 }
        row.interest = snapshot.openInterest.map { Int($0.openInterest.mantissa) }
        row.interestTime = snapshot.interestAge.map { snapshot.ts &- $0 }
        row.observed = snapshot.quality.observed
        row.gap = snapshot.quality.gap
        row.partial = snapshot.quality.partial
        rows.append(row)
    }
}

/// Books whose only level's price identifies the last applied message.
struct NumberedBooks {
    var messages: [Int] = []
    var states: [OrderBook.State] = []
    var markets: [Market] = []

    mutating func admit(_ instrument: Int) {
        while messages.count <= instrument {
            messages.append(0)
            states.append(.awaitingSnapshot)
        }
    }

    func capture(_ instrument: InstrumentIndex, into view: inout BookView) {
        view.bids.removeAll()
        view.asks.removeAll()
        guard instrument.position < messages.count else {
            view.state = .awaitingSnapshot
            return
        }
        view.state = states[instrument.position]
        let number = FixedDecimal(mantissa: Int64(messages[instrument.position]), scale: 0)
        view.bids.append(PriceLevel(price: number, size: number))
    }

    func market(of instrument: InstrumentIndex) -> Market {
        instrument.position < markets.count ? markets[instrument.position] : .linear
    }
}

/// A host of numbered books that collects rows.
struct NumberedHost: SynchronizerHost {
    var books = NumberedBooks()
    var collector = RowCollector()

    func capture(
        _ instrument: InstrumentIndex,
        depth: Int,
        content: BookContent,
        into view: inout BookView
    ) { books.capture(instrument, into: &view) }

    func market(of instrument: InstrumentIndex) -> Market { books.market(of: instrument) }

    mutating func emit(_ row: borrowing MarketSnapshot) { collector.collect(copy row) }

    mutating func reanchored(_ jump: ClockJump) { collector.jumps.append(jump) }
}
