/// A kind of record in market files; see ``MarketFileReader``.
public protocol MarketRecord: Sendable, Equatable {
    /// The data type of its files.
    static var dataType: MarketDataType { get }
}
