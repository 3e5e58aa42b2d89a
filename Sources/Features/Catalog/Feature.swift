import MarketModel
public import Synchronizer

/// One named number of a row.
///
/// It sees the rows of one instrument in order, each once, and nothing else: its value of a row depends on
/// that row and those before it only. A fresh copy is made for every instrument.
public protocol Feature: Sendable {
    /// What it is.
    var info: FeatureInfo { get }
    /// Its value of the next row; nil where it is undefined.
    mutating func value(of row: borrowing MarketSnapshot, _ facts: RowFacts) -> Double?
}
