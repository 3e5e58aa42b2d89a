import Exchanges
import MarketModel

/// The decoder of an unknown exchange: every frame is unknown.
struct UnknownDecoder: FrameDecoder {
    mutating func decode(
        _ frame: RawSpan,
        receiveTime: Int64,
        into batch: inout EventBatch
    ) -> FrameOutcome {
        .unknown
    }

    mutating func sent(_ frame: RawSpan, receiveTime: Int64) {}
    mutating func restrict(to symbols: SubscribedSymbols) {}
    mutating func connectionReset() {}
    mutating func code(_ coder: inout StateCoder) {}
    var sequences: (verified: Int, broken: Int) { (0, 0) }
}
