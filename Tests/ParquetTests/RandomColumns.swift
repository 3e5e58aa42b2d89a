import Parquet

/// A small random number generator, reproducible by its seed.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    mutating func chance(_ probability: Double) -> Bool {
        Double.random(in: 0..<1, using: &self) < probability
    }

    mutating func pick<Item>(_ items: [Item]) -> Item {
        items[Int.random(in: 0..<items.count, using: &self)]
    }
}

/// Random schemas, values and options.
enum RandomColumns {
    static let types: [ParquetColumn] = [
        ParquetColumn("", .boolean),
        ParquetColumn("", .int32),
        ParquetColumn("", .int64),
        ParquetColumn("", .int32, logicalType: .integer(bits: 32, isSigned: false)),
        ParquetColumn("", .int64, logicalType: .integer(bits: 64, isSigned: false)),
        ParquetColumn("", .float),
        ParquetColumn("", .double),
        ParquetColumn.string(""),
        ParquetColumn("", .byteArray),
        ParquetColumn("", .fixedLengthByteArray, typeLength: 5),
        ParquetColumn.timestamp(""),
        ParquetColumn("", .int32, logicalType: .date),
        ParquetColumn("", .int64, logicalType: .decimal(precision: 18, scale: 4)),
        ParquetColumn(
            "",
            .fixedLengthByteArray,
            typeLength: 9,
            logicalType: .decimal(precision: 20, scale: 2)
        ),
    ]

    static func schema(_ random: inout SplitMix) -> ParquetSchema {
        ParquetSchema(
            (0..<Int.random(in: 1...7, using: &random)).map { index in
                var column = random.pick(types)
                column.name = "c\(index)"
                column.isOptional = random.chance(0.6)
                return column
            }
        )
    }

    static func options(_ random: inout SplitMix, _ schema: ParquetSchema) -> ParquetWriterOptions {
        var options = ParquetWriterOptions()
        options.compression = random.pick([.uncompressed, .snappy, .zstd, .lz4Raw, .gzip])
        options.encoding = random.pick([
            .automatic, .plain, .dictionary, .byteStreamSplit, .deltaBinaryPacked,
        ])
        options.dataPageVersion = random.pick([1, 2])
        options.rowGroupRows = random.pick([7, 300, 1 << 20])
        options.rowGroupBytes = random.pick([2000, 1 << 26])
        options.pageRows = random.pick([1, 13, 500, 20_000])
        options.pageBytes = random.pick([64, 4096, 1 << 20])
        options.dictionaryBytes = random.pick([32, 1000, 1 << 20])
        options.statisticsBytes = random.pick([1, 4, 64])
        options.writesPageIndex = random.chance(0.7)
        options.writesStatistics = random.chance(0.8)
        options.writesChecksums = random.chance(0.8)
        options.threads = random.pick([1, 2])
        for column in schema.columns where column.physicalType == .boolean && random.chance(0.5) {
            options.columns[column.name] = ColumnOptions(encoding: .runLength)
        }
        for column in schema.columns where column.physicalType == .byteArray && random.chance(0.4) {
            options.columns[column.name] = ColumnOptions(encoding: .deltaLengthByteArray)
        }
        return options
    }

    private enum Pattern: CaseIterable {
        case constant
        case few
        case runs
        case rising
        case wild
    }

    static func vector(_ random: inout SplitMix, _ column: ParquetColumn, rows: Int) -> ColumnVector {
        let pattern = random.pick(Pattern.allCases)
        let seeds = (0..<rows).map { row -> UInt64 in
            switch pattern {
            case .constant: 7
            case .few: UInt64.random(in: 0..<5, using: &random)
            case .runs: UInt64(row / 50)
            case .rising: UInt64(row * 3) + UInt64.random(in: 0..<3, using: &random)
            case .wild: random.next() >> UInt64.random(in: 0..<64, using: &random)
            }
        }
        let nulls = random.pick([0, 0.02, 0.5, 1])
        let validity = column.isOptional ? (0..<rows).map { _ in !random.chance(nulls) } : nil
        return ColumnVector(values(column, seeds), validity: validity)
    }

    private static func values(_ column: ParquetColumn, _ seeds: [UInt64]) -> ColumnValues {
        switch column.physicalType {
        case .boolean: return .boolean(seeds.map { $0 % 2 == 0 })
        case .int32 where column.logicalType == .date: return .int32(seeds.map { Int32($0 % 40_000) })
        case .int32: return .int32(seeds.map { Int32(truncatingIfNeeded: $0) })
        case .int64: return .int64(seeds.map { int64(column, $0) })
        case .float: return .float(seeds.map { Float(number($0)) })
        case .double: return .double(seeds.map(number))
        case .byteArray:
            var values = ByteArrays()
            for seed in seeds {
                let text = seed % 7 == 0 ? "" : "Zürich \(seed) ✓"
                if column.logicalType == .string {
                    values.append(text)
                } else {
                    values.append(text.utf8.reversed())
                }
            }
            return .bytes(values)
        case .fixedLengthByteArray, .int96:
            var values = FixedByteArrays(width: column.typeLength)
            // Decimals of twenty digits: the first byte of nine only extends the sign.
            let isDecimal = column.logicalType != nil
            for seed in seeds {
                let bytes = withUnsafeBytes(of: seed.bigEndian) { Array($0) }
                values.append(
                    isDecimal ? [seed >> 63 == 1 ? 0xFF : 0] + bytes : Array(bytes.suffix(column.typeLength))
                )
            }
            return .fixed(values)
        }
    }

    private static func int64(_ column: ParquetColumn, _ seed: UInt64) -> Int64 {
        switch column.logicalType {
        case .timestamp?: Int64(seed % 4_000_000_000_000_000_000)
        case .decimal?: Int64(bitPattern: seed) % 1_000_000_000_000_000_000
        default: Int64(bitPattern: seed)
        }
    }

    private static func number(_ seed: UInt64) -> Double {
        switch seed % 23 {
        case 0: .nan
        case 1: -0.0
        case 2: 0
        case 3: .infinity
        case 4: -.infinity
        case 5: Double(bitPattern: seed).isNaN ? .nan : Double(bitPattern: seed)
        default: Double(Int64(bitPattern: seed)) / 8
        }
    }
}
