import Exchanges
import MarketModel

/// Writes what the toy sends.
struct ToyEncoder: FrameEncoder {
    var isSeeded = false

    func append(_ book: BookMessage, to text: inout FrameWriter) {
        text.append(#"{"book":"\#(book.symbol)","whole":\#(book.isSnapshot),"#)
        if isSeeded { text.append(#""number":\#(book.updateID),"#) }
        text.append(#"\#(Self.sides(of: book)),"time":\#(book.time)}"#)
    }

    static func sides(of book: BookMessage) -> String {
        #""bids":[\#(levels(book.bids))],"asks":[\#(levels(book.asks))]"#
    }

    private static func levels(_ levels: [PriceLevel]) -> String {
        levels.map { #"["\#($0.price)","\#($0.size)"]"# }.joined(separator: ",")
    }

    func append(_ message: TradeMessage, to text: inout FrameWriter) {
        let list = message.trades.map {
            #"{"side":"\#($0.side)","price":"\#($0.price)","size":"\#($0.size)","id":"\#($0.id)"}"#
        }
        text.append(#"{"trades":"\#(message.symbol)","list":[\#(list.joined(separator: ","))],"#)
        text.append(#""time":\#(message.time)}"#)
    }

    func append(_ answer: Acknowledgement, to text: inout FrameWriter) {
        for topic in answer.topics { text.append(#"{"done":"\#(Toy().name(of: topic))"}"#) }
    }

    func append(_ sign: SignOfLife, to text: inout FrameWriter) { text.append(#"{"alive":\#(sign.count)}"#) }
}
