import MarketModel

/// What a subscription names: `{"type":"l2Book","coin":"BTC","fast":true}`.
struct HyperliquidTopic {
    var channel: String
    var coin: String
    /// Whether the book has five levels a side, and comes more often.
    var isFast = false
    /// Whether levels of the book are summed up, so that it is none of the venue's own prices.
    var isSummed = false

    init(_ topic: Subscription) {
        channel = Hyperliquid.channels.first { $0.kinds == topic.kinds }?.name ?? ""
        coin = topic.symbol
        isFast = topic.depth == Hyperliquid.fastDepth
    }

    init(_ object: ClientRequest) {
        channel = object.text("type") ?? ""
        coin = object.text("coin") ?? ""
        isFast = object.flag("fast") ?? false
        isSummed = object.number("nSigFigs") != nil
    }

    /// The kinds of event that its messages make; none of a channel that is not read.
    var kinds: FeedKinds {
        if isSummed { return [] }
        let exchange = Hyperliquid()
        let channels = exchange.channels(of: exchange.market(ofSymbol: coin))
        return channels.first { $0.name == channel }?.kinds ?? []
    }

    /// The levels a side of its book; nil if it has none.
    var depth: UInt32? {
        kinds == .book ? UInt32(isFast ? Hyperliquid.fastDepth : Hyperliquid.usualDepth) : nil
    }

    /// As requests write it.
    var text: String {
        #"{"type":"\#(channel)","coin":\#(coin.jsonLiteral)\#(isFast ? #","fast":true"# : "")}"#
    }

    /// As acks write it, with what a request may leave out.
    var confirmedText: String {
        guard channel == "l2Book" else { return text }
        return
            #"{"type":"l2Book","coin":\#(coin.jsonLiteral),"nSigFigs":null,"mantissa":null,"fast":\#(isFast)}"#
    }
}
