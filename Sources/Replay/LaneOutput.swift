import MarketModel
import Rows

/// What a lane makes of a batch, each with the step that made it: to be put in order with what other lanes make.
final class LaneOutput: RowSink {
    /// The rows and notices, each in order, and the order of all.
    struct Made {
        var rows: [Row] = []
        var notices: [Notice] = []
        /// Whose turn it is: the place of a row, or −1 − that of a notice.
        var order: [(step: UInt64, place: Int)] = []
    }

    let wants: RowNeeds
    /// The step under way.
    // Unchecked, as all here: one thread at a time has it, and nothing in a change asks for it again.
    @exclusivity(unchecked) var step: UInt64 = 0
    @exclusivity(unchecked) private var made = Made()

    init(wants: RowNeeds) { self.wants = wants }

    func write(_ row: borrowing Row) {
        made.order.append((step, made.rows.count))
        made.rows.append(copy row)
    }

    func received(_ notice: Notice) {
        made.order.append((step, -1 - made.notices.count))
        made.notices.append(notice)
    }

    /// Takes what was made so far.
    func take() -> Made {
        defer { made = Made() }
        return made
    }

    /// Goes on in the memory of what was passed on.
    ///
    /// Rows are destroyed here, on the thread that made them: two threads that allocate and free the same memory wait for
    /// each other.
    func reuse(_ passed: inout Made) {
        swap(&made, &passed)
        made.rows.removeAll(keepingCapacity: true)
        made.notices.removeAll(keepingCapacity: true)
        made.order.removeAll(keepingCapacity: true)
    }
}
