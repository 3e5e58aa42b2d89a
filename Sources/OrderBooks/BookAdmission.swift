/// Whether a book message counts.
public enum BookAdmission: Sendable {
    /// It counts and drives.
    case admitted
    /// It is of a shallower topic than the leading one, or a seed that is not wanted.
    case ignored
    /// Another connection has brought it.
    case duplicate
}
