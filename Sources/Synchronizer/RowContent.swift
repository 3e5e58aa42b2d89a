import MarketModel

/// How many events a row holds.
struct RowContent: Sendable {
    var trades: Int
    var liquidations: Int
}
