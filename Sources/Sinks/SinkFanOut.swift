public import Features
public import MarketModel
public import Pipeline
public import Synchronizer

/// Hands each row to all sinks; one that fails is told of once and gets no more, the others go on.
public final class SinkFanOut: RowConsumer {
    private var sinks: [any Sink]
    /// What failed, in order.
    public private(set) var failures: [SinkError] = []
    /// Rows so far.
    public private(set) var rows = 0

    /// Hands rows to these.
    public init(_ sinks: [any Sink]) { self.sinks = sinks }

    /// Hands on a row.
    public func consume(
        _ snapshot: borrowing MarketSnapshot,
        _ aggregate: MarketAggregate,
        of instrument: Instrument
    ) {
        rows += 1
        var failed: [Int] = []
        for (place, sink) in sinks.enumerated() {
            do throws(SinkError) {
                try sink.write(snapshot, aggregate, of: instrument)
            } catch {
                failures.append(error)
                failed.append(place)
            }
        }
        for place in failed.reversed() { sinks.remove(at: place) }
    }

    /// Tells all that time passes.
    public func tick(_ now: Int64) {
        for sink in sinks {
            do throws(SinkError) { try sink.tick(now) } catch { failures.append(error) }
        }
    }

    /// Ends all.
    public func finish() {
        for sink in sinks {
            do throws(SinkError) { try sink.finish() } catch { failures.append(error) }
        }
        sinks.removeAll()
    }
}
