import Synchronizer

/// How labels are stored in arrays.
public enum LabelType: String, Sendable, CaseIterable {
    /// The value; NaN where there is none.
    case number
    /// Classes −1, 0, +1 as 0, 1, 2 in 64-bit integers; −100 where there is none.
    case classIndex = "class"
}
