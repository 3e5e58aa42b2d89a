import MarketModel

/// The formats an import reads.
public enum ImportFormat: String, Equatable, Sendable, CaseIterable {
    /// JSON lines `{"recv_ns":…,"conn":…,"frame":…}`.
    case jsonl
    /// cryptofeed's raw files: `<seconds>: <frame>` and lines of connections and requests.
    case cryptofeed
    /// tardis.dev's `<RFC 3339 time> <frame>`; an empty line is a disconnect.
    case tardis
    /// hftbacktest's collector: `<nanoseconds> <frame>`.
    case hftbacktest

    /// What the format cannot express, for the session's metadata.
    var shortcomings: String? {
        switch self {
        case .jsonl: nil
        case .cryptofeed: "receive times in float seconds; disconnects only where a reconnect follows"
        case .tardis: "sent frames and subscriptions; times of disconnects (the frame before stands in)"
        case .hftbacktest: "connections, sent frames, disconnects"
        }
    }
}
