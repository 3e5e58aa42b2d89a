/// In what order frames of other people's files are read; this project's recordings lie in their order.
public enum FrameOrder: Equatable, Sendable {
    /// As they lie in the file.
    case file
    /// By log time, equal ones as they lie in the file.
    case time
}
