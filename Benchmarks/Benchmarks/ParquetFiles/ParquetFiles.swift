import Benchmark
import Harness
import Workloads

let benchmarks: @Sendable () -> Void = {
    register(parquetFiles(rows: 100_000))
}
