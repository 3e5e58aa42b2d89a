import ByteCoding
import Glibc

/// The machine of a measurement.
struct BenchMachine {
    let processor: String
    let cores: Int
    let memoryBytes: UInt64
    let kernel: String
    let load: Double

    init() {
        let lines = BenchMachine.text("/proc/cpuinfo").split(separator: "\n")
        let model = lines.first { $0.hasPrefix("model name") }?.split(separator: ":").last
        processor = String(model ?? "unknown").trimmingSpaces
        cores = WorkerThread.processors
        let (pages, size) = (sysconf(Int32(_SC_PHYS_PAGES)), sysconf(Int32(_SC_PAGESIZE)))
        memoryBytes = UInt64(max(0, pages)) * UInt64(max(0, size))
        kernel =
            BenchMachine.text("/proc/sys/kernel/osrelease").split(separator: "\n").first.map(String.init)
            ?? ""
        var averages = [0.0]
        load = getloadavg(&averages, 1) == 1 ? averages[0] : 0
    }

    /// How the command was built.
    static var build: String {
        #if DEBUG
        "debug"
        #else
        "release"
        #endif
    }

    /// The numbers of threads that replays are measured with: 1, 2, 4 and so on, and all cores.
    static var threadCounts: [Int] {
        let cores = WorkerThread.processors
        return Array(sequence(first: 1) { 2 * $0 }.prefix { $0 < cores }) + [max(1, cores)]
    }

    var text: String {
        "\(processor), \(cores) cores, \(memoryBytes >> 30) GiB, Linux \(kernel), load \(load.rounded(to: 2)), "
            + "\(BenchMachine.build) build"
    }

    var json: JSONOutput {
        .object([
            ("processor", .string(processor)), ("cores", .integer(cores)),
            ("memory_bytes", .count(memoryBytes)), ("kernel", .string(kernel)), ("load", .double(load)),
            ("build", .string(BenchMachine.build)),
        ])
    }

    /// The peak resident size since the last ``forgetPeak()``, bytes.
    static var peak: UInt64 {
        let line = text("/proc/self/status").split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        let kilobytes = line?.split { !$0.isNumber }.first.flatMap { UInt64($0) } ?? 0
        return kilobytes << 10
    }

    /// Resets ``peak`` to the current resident size.
    static func forgetPeak() {
        guard let file = fopen("/proc/self/clear_refs", "w") else { return }
        fputs("5", file)
        fclose(file)
    }

    private static func text(_ path: String) -> String {
        guard let file = fopen(path, "r") else { return "" }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }
}
