/// When something held: half-open spans of time in the order they began, the last perhaps still open.
struct LiveSpans: Sendable {
    struct Span: Sendable, Equatable {
        var start: Int64
        /// `Int64.max` while open.
        var end: Int64
    }

    private(set) var spans: [Span] = []

    var isEmpty: Bool { spans.isEmpty }

    var isOpen: Bool { spans.last?.end == .max }

    /// Begins a span; one that begins where the last ended, or before, continues it if `continuing`.
    mutating func open(at time: Int64, continuing: Bool = true) {
        guard let last = spans.last else {
            spans.append(Span(start: time, end: .max))
            return
        }
        if last.end == .max { return }
        if continuing, time <= last.end {
            spans[spans.count - 1].end = .max
        } else {
            spans.append(Span(start: time, end: .max))
        }
    }

    mutating func close(at time: Int64) {
        guard let last = spans.last, last.end == .max else { return }
        spans[spans.count - 1].end = max(time, last.start)
    }

    /// Whether one span covers `[start, end)`.
    func covers(_ start: Int64, _ end: Int64) -> Bool {
        var index = spans.count
        while index > 0 {
            index -= 1
            if spans[index].start <= start { return spans[index].end >= end }
        }
        return false
    }

    /// Whether any span shares an instant with `[start, end)`; one of no length counts where it lies.
    func meets(_ start: Int64, _ end: Int64) -> Bool {
        for span in spans where span.start < end && (span.end > start || span.start >= start) { return true }
        return false
    }

    /// Whether it had held before `end` but not throughout `[start, end)`.
    func lapses(_ start: Int64, _ end: Int64) -> Bool {
        guard let first = spans.first, first.start < end else { return false }
        return !covers(start, end)
    }

    /// Whether it holds, or does not, at all times from `time` on, as far as known.
    func isSettled(at time: Int64) -> Bool {
        guard let last = spans.last else { return true }
        return last.start <= time && (last.end == .max || last.end <= time)
    }

    /// Forgets spans that rows from `time` on cannot meet; the last one stays.
    mutating func forget(before time: Int64) {
        guard spans.count > 1 else { return }
        var keep = 0
        while keep + 1 < spans.count, spans[keep].end <= time, spans[keep + 1].start <= time { keep += 1 }
        if keep > 0 { spans.removeFirst(keep) }
    }
}
