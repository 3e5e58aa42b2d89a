import Dataset

/// Classes −1, 0, +1 as the indices that loss functions take.
enum ClassIndex {
    /// 0, 1 or 2; −100, which they ignore, without a label.
    static func of(_ label: Double) -> Int64 { label.isNaN ? -100 : Int64(label) + 1 }
}
