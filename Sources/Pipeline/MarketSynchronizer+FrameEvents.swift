public import MarketModel
public import OrderBooks
public import Synchronizer

/// Books that follow the messages of frames.
public protocol EventBooks: BookSource {
    /// Whether a message is of the topic that its book follows; of any other only the topic is registered.
    mutating func accept(_ update: BookUpdate, on connection: Int32) -> Bool
    /// Applies a message that was accepted; `levels` are those of its batch.
    mutating func apply(
        _ update: BookUpdate,
        levels: Span<PriceLevel>,
        on connection: Int32
    ) -> BookChange
}

/// What a message made of a book.
@frozen
public struct BookChange: Sendable {
    /// Whether the book is gapped now.
    public var isGapped: Bool
    /// Why it is; nil if it was gapped before, or is not.
    public var newGap: GapCause?

    /// Makes a change; by default nothing is wrong with the book.
    @inlinable
    public init(isGapped: Bool = false, newGap: GapCause? = nil) {
        self.isGapped = isGapped
        self.newGap = newGap
    }
}

/// Takes rows, and hears of the events that make them.
public protocol EventConsumer: SnapshotConsumer {
    /// The books that the events are applied to.
    associatedtype Books: EventBooks
    /// Whether ``applied(_:of:books:)`` is wanted; asked for each event. False by default.
    var wantsEvents: Bool { get }
    /// Called for each event right after it was applied; by default ignores it.
    mutating func applied(_ event: EventReference, of batch: borrowing EventBatch, books: borrowing Books)
    /// Called when a book message opened a gap; by default ignores it.
    mutating func gapped(_ cause: GapCause, by update: BookUpdate, on connection: Int32)
}

extension EventConsumer {
    /// False.
    @inlinable
    public var wantsEvents: Bool { false }

    /// Ignores the event.
    @inlinable
    public mutating func applied(
        _ event: EventReference,
        of batch: borrowing EventBatch,
        books: borrowing Books
    ) {}

    /// Ignores the gap.
    @inlinable
    public mutating func gapped(_ cause: GapCause, by update: BookUpdate, on connection: Int32) {}
}

extension MarketSynchronizer {
    /// Applies events of the frame begun last up to the first status, and returns that one's position, or the end.
    ///
    /// The batch is lent and left as it is: borrowed, it would be copied for each frame.
    ///
    /// Inlinable: compiled for the caller's books and consumer, so that an event costs no call through a table.
    @inlinable
    @inline(__always)
    public mutating func apply<Consumer: EventConsumer>(
        _ events: Range<Int>,
        of batch: inout EventBatch,
        on connection: Int32,
        books: inout Consumer.Books,
        into consumer: inout Consumer
    ) -> Int {
        var position = events.lowerBound
        while position < events.upperBound {
            defer { position += 1 }
            let event = batch.order[position]
            switch event.kind {
            case .book:
                let update = batch.books[event.index]
                guard books.accept(update, on: connection) else {
                    passOver(update, on: connection)
                    continue
                }
                willApply(update, on: connection, books: &books, into: &consumer)
                let change = books.apply(update, levels: batch.levels.span, on: connection)
                didApply(update.instrument, isGapped: change.isGapped, books: &books, into: &consumer)
                if let cause = change.newGap { consumer.gapped(cause, by: update, on: connection) }
            case .trade: add(batch.trades[event.index], on: connection, books: &books, into: &consumer)
            case .liquidation:
                add(batch.liquidations[event.index], on: connection, books: &books, into: &consumer)
            case .fundingRate: update(batch.fundingRates[event.index], on: connection)
            case .openInterest: update(batch.openInterests[event.index], on: connection)
            case .status: return position
            }
            if consumer.wantsEvents { consumer.applied(event, of: batch, books: books) }
        }
        return events.upperBound
    }
}
