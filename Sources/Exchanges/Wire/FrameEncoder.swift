/// Writes what a venue sends, the other way of ``FrameDecoder``: for sessions that are simulated or served.
///
/// A pure value without state: numbers and times stand in the messages. Texts are those that the decoder reads back.
public protocol FrameEncoder: Sendable {
    /// A book message.
    func append(_ book: BookMessage, to text: inout FrameWriter)
    /// The checksum of a book in a message of its own; nothing at venues whose book messages have it, or none.
    func append(proof book: BookMessage, to text: inout FrameWriter)
    /// The best bid and ask of a book at its number; nothing at venues that tell them otherwise or never.
    func append(top book: BookMessage, to text: inout FrameWriter)
    /// Trades of one symbol, in the order of the list.
    func append(_ trades: TradeMessage, to text: inout FrameWriter)
    /// A liquidation; nothing at venues without.
    func append(_ liquidation: LiquidationMessage, to text: inout FrameWriter)
    /// The messages that tell a ticker: one, or one each where funding and interest have channels of their own.
    func parts(of ticker: TickerMessage) -> [TickerMessage]
    /// A ticker, one of the ``parts(of:)``; nothing at venues that have none with funding or interest.
    func append(_ ticker: TickerMessage, to text: inout FrameWriter)
    /// That a request was granted.
    func append(_ answer: Acknowledgement, to text: inout FrameWriter)
    /// The answer to a ping, or a heartbeat.
    func append(_ sign: SignOfLife, to text: inout FrameWriter)
    /// What the venue says first on a connection; nothing at most venues.
    func appendGreeting(to text: inout FrameWriter)
}

extension FrameEncoder {
    /// One.
    public func parts(of ticker: TickerMessage) -> [TickerMessage] { [ticker] }

    /// Nothing.
    public func append(proof book: BookMessage, to text: inout FrameWriter) {}

    /// Nothing.
    public func append(top book: BookMessage, to text: inout FrameWriter) {}

    /// Nothing.
    public func append(_ liquidation: LiquidationMessage, to text: inout FrameWriter) {}

    /// Nothing.
    public func append(_ ticker: TickerMessage, to text: inout FrameWriter) {}

    /// Nothing.
    public func appendGreeting(to text: inout FrameWriter) {}

    /// The text of an answer.
    func text(of answer: Acknowledgement) -> String {
        var text = FrameWriter(capacity: 1 << 10)
        append(answer, to: &text)
        return text.string
    }

    /// The text of a sign of life.
    func text(of sign: SignOfLife) -> String {
        var text = FrameWriter(capacity: 1 << 10)
        append(sign, to: &text)
        return text.string
    }
}
