import Exchanges
import MarketModel
import Recording
public import Simulation

/// The frames of a simulated session with one connection.
public final class SimulatedSource: ServedFrames {
    private var session: SimulatedSession

    /// Begins a session.
    public init(_ plan: SimulationPlan) throws(SimulationError) { session = try SimulatedSession(plan) }

    /// Passes on the next frame.
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
