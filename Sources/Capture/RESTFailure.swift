import MarketModel
import NIOCore
import NIOHTTP1
import NIOPosix

/// Why a REST request failed.
struct RESTFailure: Error, Equatable {
    /// What happened.
    var reason: String
    /// The status of the answer; nil if there was none.
    var status: Int64?
    /// For how long the venue wants no further request, in nanoseconds; nil if it does not say.
    var retryAfter: Int64?

    /// Whether the venue refuses because of too many requests: 429, and 418 where they went on.
    var isAboutRate: Bool { status == 429 || status == 418 }
}
