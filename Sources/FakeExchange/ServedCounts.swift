import Exchanges
import MarketModel
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket

#if TLS
import NIOSSL
#endif

/// What was served.
public struct ServedCounts: Sendable, Equatable {
    /// Connections accepted.
    public var connections: UInt64 = 0
    /// Frames of the source sent, duplicates included.
    public var frames: UInt64 = 0
    /// Snapshots made for clients that subscribed in the middle.
    public var snapshots: UInt64 = 0
    /// Answers to requests.
    public var answers: UInt64 = 0
    /// REST replies.
    public var replies: UInt64 = 0
    /// Frames left out, doubled or changed on purpose.
    public var faults: UInt64 = 0
    /// Whether the source has been played to its end.
    public var isOver = false
}
