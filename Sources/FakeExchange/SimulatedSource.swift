import Exchanges
import MarketModel
import Recording
public import Simulation

/// The frames of a simulated session with one connection.
public final class SimulatedSource: ServedFrames {
    private var session: SimulatedSession

    /// Begins a session.
    public init(_ plan: SimulationPlan) throws(SimulationError) {
        var plan = plan
        plan.hasSeedsAtOnce = true
        session = try SimulatedSession(plan)
    }

    /// Passes on the next frame or reply.
    public func next(_ body: (Int64, String?, RawSpan) -> Void) -> Bool {
        var found = false
        while !found {
            let goesOn = session.next { frame, bytes in
                guard frame.kind == .received || frame.kind == .reply else { return }
                found = true
                body(frame.time, frame.kind == .reply ? frame.path : nil, bytes)
            }
            if !goesOn { return false }
        }
        return true
    }
}
