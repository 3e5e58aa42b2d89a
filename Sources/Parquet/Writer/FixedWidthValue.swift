/// Values of the four plain numeric types, as the writer and reader treat them.
protocol FixedWidthValue: BitwiseCopyable, Sendable {
    /// The bits, widened: equal exactly if the stored bytes are.
    var pattern: UInt64 { get }
    /// A slot for a row without a value.
    static var placeholder: Self { get }
    /// The values as a column.
    static func columnValues(_ values: [Self]) -> ColumnValues
    /// Moves the array out of a column of this type; empty if the column is of another type.
    static func moveArray(from values: inout ColumnValues) -> [Self]
    /// Bounds over some values.
    static func summary(of values: UnsafeBufferPointer<Self>, order: ValueOrder) -> PageSummary
}

extension Int32: FixedWidthValue {
    var pattern: UInt64 { UInt64(UInt32(bitPattern: self)) }
    static var placeholder: Int32 { 0 }
    static func columnValues(_ values: [Int32]) -> ColumnValues { .int32(values) }

    static func moveArray(from values: inout ColumnValues) -> [Int32] {
        guard case .int32(let array) = values else { return [] }
        values = .boolean([])
        return array
    }

    static func summary(of values: UnsafeBufferPointer<Int32>, order: ValueOrder) -> PageSummary {
        integerSummary(values, flip: order == .unsigned32 ? .min : 0)
    }
}

extension Int64: FixedWidthValue {
    var pattern: UInt64 { UInt64(bitPattern: self) }
    static var placeholder: Int64 { 0 }
    static func columnValues(_ values: [Int64]) -> ColumnValues { .int64(values) }

    static func moveArray(from values: inout ColumnValues) -> [Int64] {
        guard case .int64(let array) = values else { return [] }
        values = .boolean([])
        return array
    }

    static func summary(of values: UnsafeBufferPointer<Int64>, order: ValueOrder) -> PageSummary {
        integerSummary(values, flip: order == .unsigned64 ? .min : 0)
    }
}

extension Float: FixedWidthValue {
    var pattern: UInt64 { UInt64(bitPattern) }
    static var placeholder: Float { 0 }
    static func columnValues(_ values: [Float]) -> ColumnValues { .float(values) }

    static func moveArray(from values: inout ColumnValues) -> [Float] {
        guard case .float(let array) = values else { return [] }
        values = .boolean([])
        return array
    }

    static func summary(of values: UnsafeBufferPointer<Float>, order: ValueOrder) -> PageSummary {
        var (least, greatest) = (SIMD16<Float>(repeating: .infinity), SIMD16<Float>(repeating: -.infinity))
        var nans = SIMD16<Int32>.zero
        var index = 0
        while index + 16 <= values.count {
            let block = UnsafeRawBufferPointer(values).loadUnaligned(
                fromByteOffset: index * 4,
                as: SIMD16<Float>.self
            )
            least.replace(with: block, where: block .< least)
            greatest.replace(with: block, where: block .> greatest)
            nans.replace(with: nans &+ 1, where: block .!= block)
            index += 16
        }
        var (low, high, nanCount) = (least.min(), greatest.max(), Int(nans.wrappedSum()))
        while index < values.count {
            let value = values[index]
            if value < low { low = value }
            if value > high { high = value }
            if value.isNaN { nanCount += 1 }
            index += 1
        }
        guard nanCount < values.count else { return PageSummary(nanCount: nanCount) }
        return PageSummary(
            minimum: (low == 0 ? -0.0 : low).bitPattern.littleEndianBytes,
            maximum: (high == 0 ? 0.0 : high).bitPattern.littleEndianBytes,
            nanCount: nanCount
        )
    }
}

extension Double: FixedWidthValue {
    var pattern: UInt64 { bitPattern }
    static var placeholder: Double { 0 }
    static func columnValues(_ values: [Double]) -> ColumnValues { .double(values) }

    static func moveArray(from values: inout ColumnValues) -> [Double] {
        guard case .double(let array) = values else { return [] }
        values = .boolean([])
        return array
    }

    static func summary(of values: UnsafeBufferPointer<Double>, order: ValueOrder) -> PageSummary {
        let bytes = UnsafeRawBufferPointer(values)
        var (least, greatest) = (SIMD4<Double>(repeating: .infinity), SIMD4<Double>(repeating: -.infinity))
        var (least2, greatest2) = (least, greatest)
        var unordered = least .!= least
        var index = 0
        // Two blocks at a time, so that comparisons are independent.
        while index + 8 <= values.count {
            let block = bytes.loadUnaligned(fromByteOffset: index * 8, as: SIMD4<Double>.self)
            let block2 = bytes.loadUnaligned(fromByteOffset: index * 8 + 32, as: SIMD4<Double>.self)
            least.replace(with: block, where: block .< least)
            greatest.replace(with: block, where: block .> greatest)
            least2.replace(with: block2, where: block2 .< least2)
            greatest2.replace(with: block2, where: block2 .> greatest2)
            unordered .|= (block .!= block) .| (block2 .!= block2)
            index += 8
        }
        least.replace(with: least2, where: least2 .< least)
        greatest.replace(with: greatest2, where: greatest2 .> greatest)
        var (low, high, nanCount) = (least.min(), greatest.max(), 0)
        if unordered != SIMDMask(repeating: false) {
            for value in values[..<index] where value.isNaN { nanCount += 1 }
        }
        while index < values.count {
            let value = values[index]
            if value < low { low = value }
            if value > high { high = value }
            if value.isNaN { nanCount += 1 }
            index += 1
        }
        guard nanCount < values.count else { return PageSummary(nanCount: nanCount) }
        // A zero bound covers both zeros.
        return PageSummary(
            minimum: (low == 0 ? -0.0 : low).bitPattern.littleEndianBytes,
            maximum: (high == 0 ? 0.0 : high).bitPattern.littleEndianBytes,
            nanCount: nanCount
        )
    }
}

/// Bounds of integers; `flip` is the sign bit if they are unsigned.
private func integerSummary<Value: FixedWidthInteger & SignedInteger>(
    _ values: UnsafeBufferPointer<Value>,
    flip: Value
) -> PageSummary {
    guard let first = values.first else { return PageSummary() }
    var (low, high) = (first ^ flip, first ^ flip)
    for value in values {
        low = min(low, value ^ flip)
        high = max(high, value ^ flip)
    }
    return PageSummary(minimum: (low ^ flip).littleEndianBytes, maximum: (high ^ flip).littleEndianBytes)
}
