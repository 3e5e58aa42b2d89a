import Dataset

/// Turns the rows of one part into the bytes of its arrays.
struct PartEncoder {
    private let layout: DatasetLayout
    private var bytes: [UInt8] = []
    /// The last rows' features and masks, oldest first, where windows are stored whole.
    private var recent: [(features: [UInt8], mask: [UInt8])] = []

    init(_ layout: DatasetLayout) { self.layout = layout }

    /// Calls `write` with an array and the bytes it grows by.
    mutating func encode(
        _ row: borrowing OutputRow,
        _ write: (DatasetArray, RawSpan) throws(DatasetError) -> Void
    ) throws(DatasetError) {
        let (isDouble, hasClassIndices) = (layout.isDouble, layout.hasClassIndices)
        if layout.isMaterialised {
            try encodeWindow(row, write)
        } else {
            try append(.features, write) { PartEncoder.append(row.features, isDouble, to: &$0) }
            try append(.mask, write) { PartEncoder.append(row.isPresent, to: &$0) }
            try append(.rowTs, write) { PartEncoder.append(row.ts, to: &$0) }
        }
        guard let start = row.windowStart else { return }
        try append(.labels, write) { bytes in
            if hasClassIndices {
                for label in row.labels { PartEncoder.append(ClassIndex.of(label), to: &bytes) }
            } else {
                PartEncoder.append(row.labels, isDouble, to: &bytes)
            }
        }
        try append(.labelMask, write) { PartEncoder.append(row.isLabelled, to: &$0) }
        try append(.labelEnd, write) { bytes in
            for end in row.labelEnds { PartEncoder.append(end, to: &bytes) }
        }
        try append(.ts, write) { PartEncoder.append(row.ts, to: &$0) }
        try append(.tsAvailable, write) { PartEncoder.append(row.available, to: &$0) }
        try append(.instrument, write) { PartEncoder.append(Int32(clamping: row.instrument), to: &$0) }
        if !layout.isMaterialised {
            try append(.windowStart, write) { PartEncoder.append(Int64(start), to: &$0) }
        }
    }

    private mutating func encodeWindow(
        _ row: borrowing OutputRow,
        _ write: (DatasetArray, RawSpan) throws(DatasetError) -> Void
    ) throws(DatasetError) {
        // A window's rows follow one another, so the last L rows are its rows.
        if recent.count == layout.window { recent.removeFirst() }
        var features: [UInt8] = []
        var mask: [UInt8] = []
        PartEncoder.append(row.features, layout.isDouble, to: &features)
        PartEncoder.append(row.isPresent, to: &mask)
        recent.append((features, mask))
        guard row.windowStart != nil else { return }
        for kept in recent {
            try write(.features, kept.features.span.bytes)
            try write(.mask, kept.mask.span.bytes)
        }
    }

    private mutating func append(
        _ array: DatasetArray,
        _ write: (DatasetArray, RawSpan) throws(DatasetError) -> Void,
        _ fill: (inout [UInt8]) -> Void
    ) throws(DatasetError) {
        bytes.removeAll(keepingCapacity: true)
        fill(&bytes)
        try write(array, bytes.span.bytes)
    }

    // MARK: - Elements

    private static func append(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    private static func append(_ values: [Double], _ isDouble: Bool, to bytes: inout [UInt8]) {
        for value in values {
            if isDouble {
                append(value.bitPattern, to: &bytes)
            } else {
                append(Float(value).bitPattern, to: &bytes)
            }
        }
    }

    private static func append(_ flags: [Bool], to bytes: inout [UInt8]) {
        for flag in flags { bytes.append(flag ? 1 : 0) }
    }
}
