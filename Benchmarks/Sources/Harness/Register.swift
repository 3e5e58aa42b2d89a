public import Benchmark
import Foundation
public import Workloads

/// Makes a benchmark of each workload.
///
/// The times are those of one pass; the name says what that is. With `ATELIER_BENCH_SHORT` set each is
/// measured twice only: does it still run?
public func register(_ works: [Work]) {
    let isShort = ProcessInfo.processInfo.environment["ATELIER_BENCH_SHORT"] != nil
    for work in works {
        // What is prepared serves one pass only.
        let isBrief = !work.isPrepared && work.seconds(1) < 20e-6
        _ = Benchmark(
            "\(work.name) (\(work.units) \(work.unit)s)",
            configuration: .init(
                metrics: [.wallClock, .throughput],
                warmupIterations: isShort ? 0 : 3,
                scalingFactor: isBrief ? .kilo : .one,
                maxDuration: isShort ? .milliseconds(50) : .seconds(2),
                maxIterations: isShort ? 2 : 2000
            )
        ) { benchmark in
            work.prepare()
            benchmark.startMeasurement()
            for _ in benchmark.scaledIterations { work.run() }
            benchmark.stopMeasurement()
        }
    }
}

/// The recordings, or an end with the reason.
public func recordings() -> [RecordedFrames] {
    orEnd("the recordings cannot be read") { try RecordedFrames.all() }
}

/// Parquet files of so many rows.
public func parquetFiles(rows: Int) -> [Work] {
    orEnd("Parquet cannot be written") { try Work.parquet(rows: rows) }
}

private func orEnd<Value>(_ what: String, _ make: () throws -> Value) -> Value {
    do {
        return try make()
    } catch {
        FileHandle.standardError.write(Data("\(what): \(error)\n".utf8))
        exit(1)
    }
}
