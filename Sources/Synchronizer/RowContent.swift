import MarketModel

/// How many events a row took.
struct RowContent: Sendable {
    var trades: Int
    var liquidations: Int
}
