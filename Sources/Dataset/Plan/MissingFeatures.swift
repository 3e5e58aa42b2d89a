import Synchronizer

/// How features without any value are treated.
public enum MissingFeatures: String, Sendable, CaseIterable {
    /// Features without any value in the whole set are left out; in single instruments they are null.
    case leaveOut = "leave-out"
    /// One without any value in an instrument is an error.
    case refuse
    /// They become columns of nulls.
    case mask
}
