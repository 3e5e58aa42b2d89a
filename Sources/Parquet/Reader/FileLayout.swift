import ByteCoding

/// The leaf columns of a file's schema.
struct FileLayout {
    /// One leaf, named by its path.
    struct Leaf {
        var column: ParquetColumn
        /// Why the column cannot be read as one value a row, or nil.
        var obstacle: String?
    }

    static let maximumDepth = 64

    /// The most bytes of all leaf paths together; groups repeat their names in each.
    static let maximumNameBytes: Int64 = 64 << 20

    private(set) var leaves: [Leaf] = []
    private var nameBytes: Int64 = 0

    init(_ schema: [SchemaElement]) throws(ParquetError) {
        guard let root = schema.first, root.type == nil else {
            throw .damaged(what: "the schema has no root", offset: 0, column: nil)
        }
        var next = 1
        for _ in 0..<max(root.childCount ?? 0, 0) {
            try visit(schema, &next, path: [], obstacle: nil)
        }
        guard next == schema.count else {
            throw .damaged(
                what: "the schema has \(schema.count) elements, \(next) in its tree",
                offset: 0,
                column: nil
            )
        }
    }

    private mutating func visit(
        _ schema: [SchemaElement],
        _ next: inout Int,
        path: [String],
        obstacle: String?
    ) throws(ParquetError) {
        guard next < schema.count, path.count < Self.maximumDepth else {
            throw .damaged(what: "the schema's tree does not add up", offset: 0, column: nil)
        }
        let element = schema[next]
        next += 1
        let isRepeated = element.repetition == .repeated
        let path = path + [element.name]
        guard let type = element.type else {
            let children = element.childCount ?? 0
            let reason = obstacle ?? "nested columns (\(element.name) is a group)"
            for _ in 0..<max(children, 0) { try visit(schema, &next, path: path, obstacle: reason) }
            return
        }
        guard element.childCount ?? 0 == 0 else {
            throw .damaged(
                what: "the schema's element \(element.name) has a type and children",
                offset: 0,
                column: nil
            )
        }
        for name in path { nameBytes += Int64(name.utf8.count + 1) }
        guard nameBytes <= Self.maximumNameBytes else {
            let limit = Self.maximumNameBytes
            throw .limit(what: "the length of all column paths", found: nameBytes, limit: limit, offset: 0)
        }
        let column = ParquetColumn(
            path.joined(separator: "."),
            type,
            typeLength: type == .fixedLengthByteArray ? Int(element.typeLength ?? 0) : 0,
            logicalType: element.logicalType,
            isOptional: element.repetition == .optional
        )
        let reason = obstacle ?? (isRepeated ? "repeated values" : Self.lengthObstacle(column))
        leaves.append(Leaf(column: column, obstacle: reason))
    }

    private static func lengthObstacle(_ column: ParquetColumn) -> String? {
        guard column.physicalType == .fixedLengthByteArray else { return nil }
        guard column.typeLength < 1 || column.typeLength > 1 << 20 else { return nil }
        return "fixed values of \(column.typeLength) bytes (1 to 1048576 are read)"
    }
}
