import Synchronizer

/// What becomes of features without any value.
public enum MissingFeatures: String, Sendable, CaseIterable {
    /// Those without any value in all of the set are left out; in single instruments they are null.
    case leaveOut = "leave-out"
    /// One without any value in an instrument is an error.
    case refuse
    /// They become columns of nulls.
    case mask
}
