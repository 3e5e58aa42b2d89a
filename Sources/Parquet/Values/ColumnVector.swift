/// One column over some rows: values and which of them are not null.
public struct ColumnVector: Sendable, Equatable {
    /// One slot a row; the slots of null rows are meaningless.
    public var values: ColumnValues
    /// Whether each row has a value; nil if all have.
    public var validity: [Bool]?

    /// Makes a column; `validity` has one element a row, or is nil if no row is null.
    public init(_ values: ColumnValues, validity: [Bool]? = nil) {
        self.values = values
        self.validity = validity
    }

    /// A column of booleans.
    public init(_ values: [Bool], validity: [Bool]? = nil) {
        self.init(.boolean(values), validity: validity)
    }

    /// A column of INT32.
    public init(_ values: [Int32], validity: [Bool]? = nil) {
        self.init(.int32(values), validity: validity)
    }

    /// A column of INT64.
    public init(_ values: [Int64], validity: [Bool]? = nil) {
        self.init(.int64(values), validity: validity)
    }

    /// A column of FLOAT.
    public init(_ values: [Float], validity: [Bool]? = nil) {
        self.init(.float(values), validity: validity)
    }

    /// A column of DOUBLE.
    public init(_ values: [Double], validity: [Bool]? = nil) {
        self.init(.double(values), validity: validity)
    }

    /// A column of texts.
    public init(_ texts: [String], validity: [Bool]? = nil) {
        self.init(.bytes(ByteArrays(texts)), validity: validity)
    }

    /// A column of texts, nil for null.
    public init(_ texts: [String?]) {
        self.init(
            .bytes(ByteArrays(texts.lazy.map { $0 ?? "" })),
            validity: texts.contains(nil) ? texts.map { $0 != nil } : nil
        )
    }

    /// A column of DOUBLE, nil for null.
    public init(_ values: [Double?]) {
        self.init(
            .double(values.map { $0 ?? 0 }),
            validity: values.contains(nil) ? values.map { $0 != nil } : nil
        )
    }

    /// A column of INT64, nil for null.
    public init(_ values: [Int64?]) {
        self.init(
            .int64(values.map { $0 ?? 0 }),
            validity: values.contains(nil) ? values.map { $0 != nil } : nil
        )
    }

    /// How many rows there are.
    public var count: Int { values.count }

    /// Whether the row has a value.
    public func isValid(_ row: Int) -> Bool { validity?[row] ?? true }

    /// The rows of a range.
    public func slice(_ range: Range<Int>) -> ColumnVector {
        ColumnVector(values.slice(range), validity: validity.map { Array($0[range]) })
    }

    /// The bytes that the rows take in memory.
    var heldBytes: Int { values.heldBytes + (validity?.count ?? 0) }

    /// Adds the rows of another column of the same type; returns false, adding nothing, if the types
    /// differ.
    public mutating func append(contentsOf other: ColumnVector) -> Bool {
        let before = count
        guard values.append(contentsOf: other.values) else { return false }
        if validity != nil || other.validity != nil {
            var all = validity ?? [Bool](repeating: true, count: before)
            validity = nil
            if let more = other.validity {
                all.append(contentsOf: more)
            } else {
                all.append(contentsOf: repeatElement(true, count: other.count))
            }
            validity = all
        }
        return true
    }
}
