import Benchmark
import Harness
import Workloads

let benchmarks: @Sendable () -> Void = {
    register(Work.books(recordings()) + Work.framesToBooks(recordings()))
}
