/// The frames that a server plays, in order: those one connection receives, and replies to its requests.
public protocol ServedFrames: AnyObject {
    /// Passes the next frame or reply to `body`, with its time (nanoseconds since the Unix epoch) and the path
    /// of the request that a reply answers (nil for a frame); false at the end.
    func next(_ body: (Int64, String?, RawSpan) -> Void) -> Bool
}
