import Exchanges
import MarketModel
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket

#if TLS
import NIOSSL
#endif

/// Counts of what was served.
public struct ServedCounts: Sendable, Equatable {
    /// Connections accepted.
    public var connections: UInt64 = 0
    /// Frames of the source sent, duplicates included.
    public var frames: UInt64 = 0
    /// Snapshots made for clients that subscribed during the replay.
    public var snapshots: UInt64 = 0
    /// Answers to requests.
    public var answers: UInt64 = 0
    /// REST replies.
    public var replies: UInt64 = 0
    /// Frames dropped, duplicated or corrupted on purpose.
    public var faults: UInt64 = 0
    /// Whether the source has been played to its end.
    public var isOver = false
}
