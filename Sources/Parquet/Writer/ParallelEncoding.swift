import Dispatch
import Synchronization

/// Encodes the columns of a row group on several threads; each column goes to whichever thread is free.
///
/// Chunks are written in column order while later columns are still encoded, by whichever thread finishes
/// one. A column's bytes depend on its rows alone, so the file does not depend on the number of threads.
struct ParallelEncoding {
    let schema: ParquetSchema
    let encoders: [ColumnEncoder]
    let pending: [PendingColumn]
    /// Chunks to fill; more are made while many wait to be written.
    let chunks: [EncodedChunk]

    /// Encodes the first `rows` rows of each column and passes the chunks to `write` in column order.
    ///
    /// `write` is called by one thread at a time. Returns all chunks for reuse.
    func run(
        _ rows: Int,
        _ write: @escaping (EncodedChunk) throws(ParquetError) -> Void
    ) throws(ParquetError) -> [EncodedChunk] {
        let job = Job(self, rows, write)
        DispatchQueue.concurrentPerform(iterations: encoders.count) { worker in job.work(worker) }
        if let failure = job.failure { throw failure }
        return job.idleChunks
    }

    /// Shared by the threads: read-only inputs, encoders and chunks that each belong to one thread at a
    /// time, and the locked state.
    private final class Job: @unchecked Sendable {
        private let encoding: ParallelEncoding
        private let rows: Int
        private let write: (EncodedChunk) throws(ParquetError) -> Void
        private let next = Atomic<Int>(0)
        private let state: Mutex<State>

        private struct State: @unchecked Sendable {
            var idle: [EncodedChunk]
            /// Encoded and not yet written, by column.
            var finished: [EncodedChunk?]
            var written = 0
            var isWriting = false
            var failure: (column: Int, error: ParquetError)?
        }

        init(
            _ encoding: ParallelEncoding,
            _ rows: Int,
            _ write: @escaping (EncodedChunk) throws(ParquetError) -> Void
        ) {
            self.encoding = encoding
            self.rows = rows
            self.write = write
            let none = [EncodedChunk?](repeating: nil, count: encoding.schema.columns.count)
            state = Mutex(State(idle: encoding.chunks, finished: none))
        }

        /// The failure of the first column that failed, whichever thread was first.
        var failure: ParquetError? { state.withLock { $0.failure?.error } }

        var idleChunks: [EncodedChunk] { state.withLock { $0.idle } }

        func work(_ worker: Int) {
            while true {
                let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard index < encoding.schema.columns.count else { return }
                let chunk = state.withLock { $0.idle.popLast() } ?? EncodedChunk()
                // May be left over from an earlier file that failed.
                chunk.sink = nil
                let column = encoding.pending[index]
                do throws(ParquetError) {
                    try encoding.encoders[worker].encode(
                        encoding.schema.columns[index],
                        column.rows,
                        column.range(rows),
                        into: chunk
                    )
                } catch {
                    fail(index, error)
                }
                state.withLock { $0.finished[index] = chunk }
                writeWhatIsDue()
            }
        }

        private func fail(_ column: Int, _ error: ParquetError) {
            state.withLock { state in
                if column < state.failure?.column ?? .max { state.failure = (column, error) }
            }
        }

        private func writeWhatIsDue() {
            var done: EncodedChunk?
            while let chunk = due(after: done) {
                let column = state.withLock { $0.written }
                do throws(ParquetError) {
                    if failure == nil { try write(chunk) }
                } catch {
                    fail(column, error)
                }
                done = chunk
            }
        }

        /// The next chunk in column order, for the thread that writes; nil where none is due or another thread writes.
        private func due(after done: EncodedChunk?) -> EncodedChunk? {
            state.withLock { state in
                if let done {
                    state.idle.append(done)
                    state.written += 1
                    state.isWriting = false
                }
                guard !state.isWriting, state.written < state.finished.count,
                    let chunk = state.finished[state.written]
                else { return nil }
                state.finished[state.written] = nil
                state.isWriting = true
                return chunk
            }
        }
    }
}
