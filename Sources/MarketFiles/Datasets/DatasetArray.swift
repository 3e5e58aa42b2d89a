import Dataset
import Tensors

/// The arrays of a part, in the order of their files.
enum DatasetArray: String, CaseIterable {
    /// [T, F], or [N, L, F] where windows are stored whole; 0 where masked.
    case features
    /// 1 where a feature has a value; shaped as the features.
    case mask
    /// [N, K]; NaN where masked, −100 in indices of classes.
    case labels
    /// [N, K]; 1 where a label has a value.
    case labelMask = "label_mask"
    /// [N, K]; the `ts_available` of the last row used.
    case labelEnd = "label_end"
    /// [N]; the label of the deciding row.
    case ts
    /// [N]; when the deciding row was known.
    case tsAvailable = "ts_available"
    /// [N]; the instrument's index in the set.
    case instrument
    /// [N]; the first row of the window, where windows are not stored whole.
    case windowStart = "window_start"
    /// [T]; the label of each row, where windows are not stored whole.
    case rowTs = "row_ts"

    /// The arrays of a layout.
    static func all(_ layout: DatasetLayout) -> [DatasetArray] {
        allCases.filter { !layout.isMaterialised || ($0 != .windowStart && $0 != .rowTs) }
    }

    func type(_ layout: DatasetLayout) -> ElementType {
        switch self {
        case .features: layout.isDouble ? .float64 : .float32
        case .labels: layout.hasClassIndices ? .int64 : layout.isDouble ? .float64 : .float32
        case .mask, .labelMask: .uint8
        case .labelEnd, .ts, .tsAvailable, .windowStart, .rowTs: .int64
        case .instrument: .int32
        }
    }

    func shape(_ layout: DatasetLayout, _ part: DatasetLayout.Part) -> [Int] {
        switch self {
        case .features, .mask:
            layout.isMaterialised
                ? [part.samples, layout.window, layout.features.count] : [part.rows, layout.features.count]
        case .labels, .labelMask, .labelEnd: [part.samples, layout.labels.count]
        case .ts, .tsAvailable, .instrument, .windowStart: [part.samples]
        case .rowTs: [part.rows]
        }
    }
}
