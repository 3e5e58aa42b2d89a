/// The order in which frames of foreign files are read; this project's recordings are already in order.
public enum FrameOrder: Equatable, Sendable {
    /// File order.
    case file
    /// By log time, ties in file order.
    case time
}
