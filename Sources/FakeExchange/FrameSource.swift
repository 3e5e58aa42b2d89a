public import Exchanges
import MarketModel
public import Recording
public import Simulation

/// Where served frames come from: one connection's received frames, in order.
public protocol FrameSource: AnyObject {
    /// Hands on the next frame and its time (nanoseconds since the Unix epoch); false at the end.
    func next(_ body: (Int64, RawSpan) -> Void) -> Bool
}

/// The frames of one connection of a recording.
public final class RecordedSource: FrameSource {
    private let reader: RecordingReader
    private let topic: String

    /// Opens a recording; `topic` is the channel's, such as `/EXCHANGE/spot/c0/in`.
    public init(path: String, topic: String) throws(RecordingError) {
        reader = try RecordingReader(path: path, order: .time)
        self.topic = topic
    }

    /// The depths of books that a connection of a recording carries, by its topics and acks; nil where none tells.
    ///
    /// Reads the first 20,000 frames: what is subscribed is told at the beginning.
    public static func depths(
        path: String,
        of channel: FrameChannel,
        catalog: ExchangeCatalog = .standard
    ) throws(RecordingError) -> Set<Int>? {
        guard let exchange = catalog.named(channel.exchange) else { return nil }
        let rules = exchange.server(of: Market(rawValue: channel.market) ?? .spot)
        let reader = try RecordingReader(path: path, order: .time)
        var (depths, left) = (Set<Int>(), 20_000)
        while left > 0, try reader.advance() {
            guard reader.channel.topic == channel.topic else { continue }
            left -= 1
            if let depth = rules.bookDepth(in: reader.bytes) {
                depths.insert(depth)
            }
        }
        return depths.isEmpty ? nil : depths
    }

    /// Hands on the next frame.
    public func next(_ body: (Int64, RawSpan) -> Void) -> Bool {
        while (try? reader.advance()) == true {
            guard reader.channel.topic == topic else { continue }
            let (time, reader) = (reader.receiveTime, reader)
            body(time, reader.bytes)
            return true
        }
        return false
    }
}

/// The frames of a simulated session with one connection.
public final class SimulatedSource: FrameSource {
    private var session: SimulatedSession

    /// Begins a session.
    public init(_ plan: SimulationPlan) throws(SimulationError) { session = try SimulatedSession(plan) }

    /// Hands on the next frame.
    public func next(_ body: (Int64, RawSpan) -> Void) -> Bool {
        var found = false
        while !found {
            let goesOn = session.next { frame, bytes in
                guard frame.kind == .received else { return }
                found = true
                body(frame.time, bytes)
            }
            if !goesOn { return false }
        }
        return true
    }
}
