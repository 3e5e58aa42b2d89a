import Dispatch
import Synchronization

/// Runs independent pieces of work on several threads; results are in the order of the pieces.
enum ParallelWork {
    /// The results of pieces 0 ..< count; the failure of the first piece that failed.
    static func map<Value: Sendable>(
        _ count: Int,
        threads: Int,
        _ body: @escaping @Sendable (Int) throws(DatasetError) -> Value
    ) throws(DatasetError) -> [Value] {
        guard threads > 1, count > 1 else {
            var values: [Value] = []
            for piece in 0..<count { values.append(try body(piece)) }
            return values
        }
        let results = Mutex<[Int: Result<Value, DatasetError>]>([:])
        let next = Atomic<Int>(0)
        DispatchQueue.concurrentPerform(iterations: min(threads, count)) { _ in
            while true {
                let piece = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard piece < count else { return }
                let result = Result { () throws(DatasetError) in try body(piece) }
                results.withLock { $0[piece] = result }
            }
        }
        let all = results.withLock { $0 }
        var values: [Value] = []
        for piece in 0..<count {
            if let value = try all[piece]?.get() { values.append(value) }
        }
        return values
    }
}
