public import MarketModel
public import OrderBooks
public import Rows

/// Passes rows and events to all sinks; one that fails is reported and gets no more, the others continue.
///
/// It may hold data that is not on disk yet, so it is still flushed and finished.
public final class SinkFanOut: RowSink {
    /// The state of a sink.
    public struct Report: Sendable, Equatable {
        /// Its name.
        public var name: String
        /// Its status, in one line.
        public var status: String
        /// Rows that it lost, and rows it never got because it had failed.
        public var lostRows: UInt64
        /// Why it gets no more; nil while it works.
        public var failure: SinkError?
    }

    private struct Outlet {
        let sink: any RowSink
        let wantsEvents: Bool
        var failure: SinkError?
        /// What it threw last.
        var lastError: SinkError?
        var missedRows: UInt64 = 0
    }

    // Unchecked: all is called on one thread, and no sink knows this one.
    @exclusivity(unchecked) private var outlets: [Outlet]
    private var notes: [String] = []
    private var isOver = false
    /// Rows so far.
    @exclusivity(unchecked) public private(set) var rows = 0
    /// What any of the sinks needs.
    public let wants: RowNeeds

    /// What a sink threw first; nil while none did.
    public private(set) var firstError: (any Error)?

    /// Passes rows to these sinks.
    public init(_ sinks: [any RowSink]) {
        outlets = sinks.map { Outlet(sink: $0, wantsEvents: $0.wants.contains(.events)) }
        wants = sinks.reduce([]) { $0.union($1.wants) }
    }

    /// The failures, in the order of the sinks.
    public var failures: [SinkError] { outlets.compactMap(\.failure) }

    /// The state of each sink.
    public var reports: [Report] {
        outlets.map { outlet in
            Report(
                name: outlet.sink.name,
                status: outlet.sink.status,
                lostRows: outlet.sink.lostRows + outlet.missedRows,
                failure: outlet.failure
            )
        }
    }

    /// New messages for the user.
    public func drainNotes() -> [String] {
        for outlet in outlets { notes += outlet.sink.drainNotes() }
        defer { notes.removeAll() }
        return notes
    }

    /// Passes on a row.
    public func write(_ row: borrowing Row) {
        rows += 1
        for index in outlets.indices {
            guard outlets[index].failure == nil else {
                outlets[index].missedRows += 1
                continue
            }
            do { try outlets[index].sink.write(row) } catch {
                outlets[index].missedRows += 1
                fail(index, error)
            }
        }
    }

    /// Passes on an event to those that want events.
    public func applied(
        _ event: EventReference,
        of batch: borrowing EventBatch,
        books: Span<BookKeeper>
    ) {
        for index in outlets.indices where outlets[index].wantsEvents && outlets[index].failure == nil {
            do { try outlets[index].sink.applied(event, of: batch, books: books) } catch {
                fail(index, error)
            }
        }
    }

    /// Passes on a notice.
    public func received(_ notice: Notice) {
        for outlet in outlets { outlet.sink.received(notice) }
    }

    /// Flushes all sinks that are due: `now` in nanoseconds of a monotonic clock.
    public func flush(at now: Int64) {
        forEach { sink throws in try sink.flush(at: now) }
    }

    /// Finishes all sinks; returns the files of all.
    @discardableResult
    public func finish() -> SinkReceipt {
        var receipt = SinkReceipt()
        guard !isOver else { return receipt }
        isOver = true
        forEach { sink throws in receipt.files += try sink.finish().files }
        return receipt
    }

    /// Discards what all sinks have made.
    public func discard() {
        for outlet in outlets { outlet.sink.discard() }
    }

    private func forEach(_ body: (any RowSink) throws -> Void) {
        for index in outlets.indices {
            do { try body(outlets[index].sink) } catch { fail(index, error) }
        }
    }

    /// Records an error; repeated ones of a failed sink are reported once.
    private func fail(_ index: Int, _ thrown: any Error) {
        firstError = firstError ?? thrown
        let error = SinkError(thrown, of: outlets[index].sink.name)
        guard outlets[index].lastError != error else { return }
        notes += outlets[index].sink.drainNotes()
        notes.append(outlets[index].failure == nil ? "\(error); this sink gets no more rows" : "\(error)")
        outlets[index].failure = outlets[index].failure ?? error
        outlets[index].lastError = error
    }
}
