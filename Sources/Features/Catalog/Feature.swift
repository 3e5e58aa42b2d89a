public import MarketModel
public import Synchronizer

/// One named number of a row.
///
/// It sees each row of one instrument once, in order: its value depends only on that row and those before
/// it. Every instrument gets a fresh copy.
public protocol Feature: Sendable {
    /// What it is.
    var info: FeatureInfo { get }
    /// Its value for the next row; nil where undefined.
    mutating func value(of row: borrowing MarketSnapshot, _ facts: RowFacts) -> Double?
    /// Writes what it keeps from row to row, or reads it back: nothing where its value is of the row alone.
    mutating func code(_ coder: inout StateCoder) throws(StateError)
}
