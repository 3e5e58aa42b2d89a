import Exchanges
import Foundation
import Workloads

/// Runs workloads on command, so that a script can take turns between them and the references.
///
/// Prints one line a recording (`name`, `exchange`, `path`, tabs between), an empty line, one line a workload
/// (`kind`, `subject`, `side`, `unit`, units and bytes of a pass), an empty line. Then takes orders from standard input, one a line: `<index> <passes>`; each prints
/// the processor seconds it took.
@main
struct Speed {
    static func main() throws {
        let recordings = try RecordedFrames.all()
        let works =
            Work.decoding(recordings) + Work.books(recordings) + Work.framesToBooks(recordings)
            + Work.clocks(recordings)
        for one in recordings { print([one.name, one.exchange.name, one.path].joined(separator: "\t")) }
        print("")
        for work in works {
            let words = [work.kind, work.subject, work.side, work.unit, "\(work.units)", "\(work.bytes)"]
            print(words.joined(separator: "\t"))
        }
        print("")
        fflush(nil)
        while let line = readLine() {
            let numbers = line.split(separator: " ").compactMap { Int($0) }
            guard numbers.count == 2, works.indices.contains(numbers[0]) else { return }
            print(works[numbers[0]].seconds(numbers[1]))
            fflush(nil)
        }
    }
}
