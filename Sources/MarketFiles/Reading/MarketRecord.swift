/// A kind of record that market files hold; see ``MarketFileReader``.
public protocol MarketRecord: Sendable, Equatable {
    /// The data type whose files hold it.
    static var dataType: MarketDataType { get }
}
