import Synchronizer

/// The reference price of labels.
public enum ReferencePrice: String, Sendable, CaseIterable {
    /// (best bid + best ask) / 2.
    case mid
    /// (best bid · ask size + best ask · bid size) / (bid size + ask size).
    case microprice
}
