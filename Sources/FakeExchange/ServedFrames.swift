/// The frames that a server plays: those one connection receives, in order.
public protocol ServedFrames: AnyObject {
    /// Passes the next frame and its time (nanoseconds since the Unix epoch) to `body`; false at the end.
    func next(_ body: (Int64, RawSpan) -> Void) -> Bool
}
