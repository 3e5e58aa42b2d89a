import Benchmark
import Harness
import Workloads

let benchmarks: @Sendable () -> Void = {
    register(Work.clocks(recordings()))
}
