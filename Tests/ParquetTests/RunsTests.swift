import Parquet
import Testing

/// Runs of rows are written as if each row had its own value.
@Suite
struct RunsTests {
    private func ends(_ random: inout SplitMix, _ count: Int) -> [Int] {
        var end = 0
        return (0..<count).map { _ in
            end += random.pick([1, 1, 2, 7, 60, 400])
            return end
        }
    }

    /// Splits a column's rows where all columns are split.
    private func pieces(_ runs: ColumnRuns, _ cuts: [Int]) -> [ColumnRuns] {
        let vector = runs.expanded()
        return zip(cuts, cuts.dropFirst()).map { start, end in
            let part = vector.slice(start..<end)
            // Runs of the piece: some of them end where the value does not change.
            var ends = runs.ends.filter { $0 > start && $0 < end }.map { $0 - start }
            ends.append(end - start)
            var values = ColumnVector(part.values, validity: part.validity).slice(0..<0)
            for end in ends { _ = values.append(contentsOf: part.slice(end - 1..<end)) }
            return ColumnRuns(values, ends: ends)
        }
    }

    @Test(arguments: 0..<40)
    func runsGiveTheBytesOfTheirRows(_ round: Int) throws {
        var random = SplitMix(seed: ExchangeTests.seed &+ UInt64(round))
        let schema = RandomColumns.schema(&random)
        var options = RandomColumns.options(&random, schema)
        let columns = schema.columns.map { column -> ColumnRuns in
            let runs = ends(&random, 60)
            return ColumnRuns(RandomColumns.vector(&random, column, rows: 60), ends: runs)
        }
        let rows = columns.map(\.count).min() ?? 0
        let cut = columns.map { runs in pieces(runs, [0, rows])[0] }
        let whole = try ParquetWriter(schema: schema, options: options)
        try whole.append(cut.map { $0.expanded() })
        let expected = try whole.finishInMemory()
        var cuts = Set((0..<5).map { _ in Int.random(in: 1..<rows, using: &random) })
        cuts.formUnion([0, rows])
        let indexes = cuts.sorted()
        let parts = cut.map { pieces($0, indexes) }
        for mixture in [0.0, 0.3, 1] {
            options.threads = random.pick([1, 2])
            let writer = try ParquetWriter(schema: schema, options: options)
            for index in 0..<indexes.count - 1 {
                try writer.append(
                    parts.map { column in
                        random.chance(mixture) ? .each(column[index].expanded()) : .runs(column[index])
                    }
                )
            }
            #expect(try writer.finishInMemory() == expected, "seed \(ExchangeTests.seed), round \(round)")
        }
    }

    @Test
    func runsThatDoNotAddUpAreRefused() throws {
        let writer = try ParquetWriter(schema: ParquetSchema([ParquetColumn("a", .int64)]))
        let values = ColumnVector([Int64(1), 2])
        #expect(throws: ParquetError.misuse("column a: 2 values for 1 runs")) {
            try writer.append([.runs(ColumnRuns(values, ends: [3]))])
        }
        #expect(throws: ParquetError.misuse("column a: a run that ends at row 3 after 3")) {
            try writer.append([.runs(ColumnRuns(values, ends: [3, 3]))])
        }
        #expect(throws: ParquetError.misuse("column a: a run that ends at row -1 after 0")) {
            try writer.append([.runs(ColumnRuns(values, ends: [-1, 3]))])
        }
        try writer.append([.runs(ColumnRuns(values, ends: [3, 5]))])
        #expect(writer.rowCount == 5 && writer.heldBytes == 32)
        let read = try ParquetReader(bytes: try writer.finishInMemory()).readAll()
        #expect(read == [ColumnVector([Int64(1), 1, 1, 2, 2])])
    }

    @Test
    func rowsInRunsTakeLittleMemory() throws {
        let schema = ParquetSchema([ParquetColumn("a", .int64), .string("b")])
        let writer = try ParquetWriter(schema: schema)
        for batch in 0..<100 {
            try writer.append([
                .runs(ColumnRuns(ColumnVector([Int64(batch)]), ends: [10_000])),
                .runs(ColumnRuns(ColumnVector(["constant"]), ends: [10_000])),
            ])
        }
        #expect(writer.rowCount == 1_000_000 && writer.heldBytes < 10_000)
        let reader = try ParquetReader(bytes: try writer.finishInMemory())
        let column = try reader.readAll(columns: ["a"])
        #expect(column == [ColumnVector((0..<1_000_000).map { Int64($0 / 10_000) })])
    }
}
