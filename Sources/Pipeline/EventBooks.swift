public import MarketModel
import OrderBooks
public import Synchronizer

/// Books that follow the messages of frames.
public protocol EventBooks: BookSource {
    /// Whether a message belongs to the topic that its book follows; if not, its topic is registered.
    mutating func accept(_ update: BookUpdate, on connection: Int32) -> Bool
    /// Applies a message that was accepted; `levels` are those of its batch.
    mutating func apply(
        _ update: BookUpdate,
        levels: Span<PriceLevel>,
        on connection: Int32
    ) -> BookChange
}
