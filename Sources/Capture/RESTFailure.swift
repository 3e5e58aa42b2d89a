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
}
