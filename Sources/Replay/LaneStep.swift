import MarketModel
import Recording

/// One thing that a lane does, in the total order of the replay.
///
/// Small: there is one a frame.
struct LaneStep {
    enum Kind: UInt8 { case receive, send, reply, other }

    /// What is seldom done, and has more to say.
    enum Action {
        case apply(StatusRecord, of: ConnectionName)
        case connect(FrameChannel, session: Int)
        case describe(subscriptions: String, address: String)
        case endSession(closedBy: Int32)
        case lose(count: UInt64?)
    }

    /// Greater at each step of the replay, whichever lane it is for.
    var number: UInt64
    /// The receive time: nanoseconds since the Unix epoch.
    var time: Int64
    /// Where the frame begins in the memory of the batch, and its length.
    var start: Int = 0
    var count: Int = 0
    /// The lane's number of the connection.
    var connection: Int32
    /// The path of a reply or the action, by its place in the batch.
    var place: Int32 = 0
    var kind: Kind
}
