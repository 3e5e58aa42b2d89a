import ByteCoding

/// The leaf columns of a file's schema.
struct FileLayout {
    /// One leaf, named by its path.
    struct Leaf {
        var column: ParquetColumn
        /// Why the column cannot be read as one value a row, or nil.
        var obstacle: String?
        /// Whether it is inside a group.
        var isNested: Bool
    }

    /// The nesting limit of groups, as each level is a recursive call.
    static let maximumDepth = 1000

    /// The most bytes of all leaf paths together; groups repeat their names in each.
    static let maximumNameBytes: Int64 = 64 << 20

    private(set) var leaves: [Leaf] = []
    private var nameBytes: Int64 = 0
    /// The names of the groups that are open.
    private var groups: [String] = []
    private let options: ParquetReaderOptions

    /// The first element is the root, whatever its other fields state.
    init(_ schema: [SchemaElement], _ options: ParquetReaderOptions) throws(ParquetError) {
        self.options = options
        guard let root = schema.first else {
            throw .damaged(what: "the schema has no root", offset: 0, column: nil)
        }
        var next = 1
        for _ in 0..<max(root.childCount ?? 0, 0) {
            try visit(schema, &next, obstacle: nil)
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
        obstacle: String?
    ) throws(ParquetError) {
        guard next < schema.count else {
            throw .damaged(what: "the schema's tree does not add up", offset: 0, column: nil)
        }
        let depth = Int64(groups.count + 1)
        guard depth <= Self.maximumDepth else {
            throw .limit(.depth, found: depth, limit: Int64(Self.maximumDepth), offset: 0)
        }
        let element = schema[next]
        next += 1
        let isRepeated = element.repetition == .repeated
        let children = element.childCount ?? 0
        guard children == 0, element.type != nil || element.unknownType != nil else {
            let reason = obstacle ?? "nested columns (\(element.name) is a group)"
            groups.append(element.name)
            for _ in 0..<max(children, 0) { try visit(schema, &next, obstacle: reason) }
            groups.removeLast()
            return
        }
        let path = groups + [element.name]
        for name in path { nameBytes += Int64(name.utf8.count + 1) }
        guard nameBytes <= Self.maximumNameBytes else {
            let limit = Self.maximumNameBytes
            throw .limit(.names, found: nameBytes, limit: limit, offset: 0)
        }
        let type = element.type ?? .byteArray
        let column = ParquetColumn(
            path.joined(separator: "."),
            type,
            typeLength: type == .fixedLengthByteArray ? Int(element.typeLength ?? 0) : 0,
            logicalType: element.logicalType,
            isOptional: element.repetition == .optional
        )
        let reason = obstacle ?? (isRepeated ? "repeated values" : typeObstacle(column, element))
        leaves.append(Leaf(column: column, obstacle: reason, isNested: path.count > 1))
    }

    private func typeObstacle(_ column: ParquetColumn, _ element: SchemaElement) -> String? {
        if let unknown = element.unknownType { return "the physical type \(unknown)" }
        guard column.physicalType == .fixedLengthByteArray else { return nil }
        if column.typeLength >= 1, column.typeLength <= options.maximumBatchBytes { return nil }
        return "fixed values of \(column.typeLength) bytes (1 to \(options.maximumBatchBytes) are read)"
    }
}
