import Dispatch
import Synchronization

/// Encodes the columns of a row group on several threads; each column goes to whichever thread is free.
///
/// A column's bytes depend on its rows alone, so the file is the same whatever the number of threads.
struct ParallelEncoding {
    let schema: ParquetSchema
    let encoders: [ColumnEncoder]
    let chunks: [EncodedChunk]
    let pending: [PendingColumn]

    /// Fills ``chunks`` with the first `rows` rows of each column.
    func run(_ rows: Int) throws(ParquetError) {
        let job = Job(self)
        DispatchQueue.concurrentPerform(iterations: encoders.count) { worker in job.work(worker, rows) }
        if let failure = job.failure { throw failure }
    }

    /// What the threads share: read-only inputs, and outputs of which each belongs to one thread at a time.
    private final class Job: @unchecked Sendable {
        private let encoding: ParallelEncoding
        private let next = Atomic<Int>(0)
        private let failures = Mutex<[Int: ParquetError]>([:])

        init(_ encoding: ParallelEncoding) { self.encoding = encoding }

        /// The failure of the first column that failed, whichever thread was first.
        var failure: ParquetError? {
            failures.withLock { all in all.keys.min().flatMap { all[$0] } }
        }

        func work(_ worker: Int, _ rows: Int) {
            while true {
                let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard index < encoding.schema.columns.count else { return }
                let column = encoding.pending[index]
                do throws(ParquetError) {
                    try encoding.encoders[worker].encode(
                        encoding.schema.columns[index],
                        column.rows,
                        column.range(rows),
                        into: encoding.chunks[index]
                    )
                } catch {
                    failures.withLock { $0[index] = error }
                }
            }
        }
    }
}
