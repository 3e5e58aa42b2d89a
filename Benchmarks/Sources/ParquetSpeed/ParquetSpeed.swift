import Foundation
import Parquet

/// Writes and reads on command, so that a script can take turns between this and pyarrow.
///
/// Orders come on standard input, one a line: `write <layout> <path> <threads>`, `read <path>` (batch by batch, memory used
/// again), `hold <path>` (all batches kept). Each prints its seconds by the wall and of the processor. The columns
/// come from a file of little-endian numbers, the INT64 column first; NaN stands for null.
@main
struct ParquetSpeed {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 3, let rows = Int(arguments[2]) else {
            FileHandle.standardError.write(
                Data("usage: ParquetSpeed <numbers> <rows>, found \(arguments.dropFirst())\n".utf8)
            )
            exit(2)
        }
        let (schema, columns) = try load(arguments[1], rows)
        while let line = readLine() {
            let words = line.split(separator: " ").map(String.init)
            let clock = ContinuousClock()
            let processor = processorSeconds()
            let took = try clock.measure {
                switch words[0] {
                case "write":
                    try write(schema, columns, layout: words[1], path: words[2], Int(words[3]) ?? 1)
                case "read": try read(words[1], rows)
                default: try hold(words[1], rows)
                }
            }
            let seconds = Double(took.components.seconds) + Double(took.components.attoseconds) * 1e-18
            print(seconds, processorSeconds() - processor)
            fflush(nil)
        }
    }

    /// User and system time of this process.
    static func processorSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    static func load(_ path: String, _ rows: Int) throws -> (ParquetSchema, [ColumnVector]) {
        let bytes = try Data(contentsOf: URL(filePath: path))
        let count = bytes.count / rows / 8
        var columns: [ParquetColumn] = []
        var vectors: [ColumnVector] = []
        bytes.withUnsafeBytes { all in
            for index in 0..<count {
                let part = UnsafeRawBufferPointer(rebasing: all[index * rows * 8..<(index + 1) * rows * 8])
                if index == 0 {
                    columns.append(ParquetColumn("ts", .int64, isOptional: true))
                    vectors.append(ColumnVector(Array(part.bindMemory(to: Int64.self))))
                } else {
                    columns.append(ParquetColumn("x\(index)", .double, isOptional: true))
                    let values = Array(part.bindMemory(to: Double.self))
                    let isKnown = values.map { !$0.isNaN }
                    vectors.append(ColumnVector(values, validity: isKnown.contains(false) ? isKnown : nil))
                }
            }
        }
        return (ParquetSchema(columns), vectors)
    }

    static func write(
        _ schema: ParquetSchema,
        _ columns: [ColumnVector],
        layout: String,
        path: String,
        _ threads: Int
    ) throws {
        var options = ParquetWriterOptions()
        options.rowGroupBytes = 1 << 30
        options.threads = threads
        switch layout {
        case "plain":
            options.compression = .uncompressed
            options.encoding = .plain
        case "snappy", "zstd":
            options.compression = layout == "snappy" ? .snappy : .zstd
            options.encoding = .byteStreamSplit
            options.columns["ts"] = ColumnOptions(encoding: .deltaBinaryPacked)
        default:
            options.compression = .snappy
            options.encoding = .dictionary
        }
        let writer = try ParquetWriter(path: path, schema: schema, options: options)
        try writer.append(columns)
        try writer.finish(replacing: true)
    }

    static func read(_ path: String, _ rows: Int) throws {
        let stream = try ParquetReader(path: path).batches(batchRows: 16_384)
        var batch = RowBatch()
        var count = 0
        while try stream.next(into: &batch) { count += batch.rowCount }
        precondition(count == rows)
    }

    static func hold(_ path: String, _ rows: Int) throws {
        let stream = try ParquetReader(path: path).batches()
        var batches: [RowBatch] = []
        while let batch = try stream.next() { batches.append(batch) }
        precondition(batches.reduce(0) { $0 + $1.rowCount } == rows)
    }
}
