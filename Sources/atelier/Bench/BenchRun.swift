import ByteCoding
import Exchanges
import Features
import MarketFiles
import MarketModel
import OrderBooks
import Pipeline
import Recording
import Replay
import Synchronizer

/// Where the time of a replay goes: seconds for the whole input.
struct BenchStages {
    var decompress = 0.0
    var decode = 0.0
    var book = 0.0
    var synchronize = 0.0
    var aggregate = 0.0
    var write = 0.0

    /// The stages by name, in the order of the flow.
    var all: [(String, Double)] {
        [
            ("decompress", decompress), ("decode", decode), ("book", book), ("synchronize", synchronize),
            ("aggregate", aggregate), ("write", write),
        ]
    }
}

/// What was measured under one clock.
struct BenchResult {
    var clock: ClockMode
    var events = 0
    var rows = 0
    var eventsPerSecond = 0.0
    var p50 = 0.0
    var p99 = 0.0
    var peakBytes: UInt64 = 0
    var framesPerSecond = 0.0
    var stages = BenchStages()
}

/// Measures the stages of a replay: each alone on inputs in memory, warmed up, repeated, medians.
struct BenchRun {
    let path: String
    let repeats: Int
    let options: SynchronizerOptions
    /// Frames of one block of the distribution of times.
    private static let block = 64

    /// The whole replay from file to aggregates, streaming: frames/s and its greatest memory.
    func endToEnd(_ clock: ClockMode) throws -> (framesPerSecond: Double, peak: UInt64) {
        var rates: [Double] = []
        BenchMachine.forgetPeak()
        for _ in 0..<(repeats + 1) {
            let start = MonotonicTime.now()
            var replay = try Replay(
                paths: [path],
                options: ReplayOptions(synchronizer: options(clock), digests: false),
                consumer: RowSink()
            )
            while try replay.run(limit: 1 << 20) {}
            let summary = try replay.finish()
            rates.append(Double(summary.counts.frames) / BenchRun.seconds(since: start))
        }
        return (BenchRun.median(rates.dropFirst()), BenchMachine.peak)
    }

    /// Reading the file: its chunks expanded, checked and taken apart.
    func decompressing(_ frames: Int) throws -> Double {
        try median {
            let start = MonotonicTime.now()
            let reader = try RecordingReader(path: path)
            var (taken, bytes) = (0, 0)
            while taken < frames, try reader.advance() {
                if reader.channel.direction == .received { taken += 1 }
                bytes += reader.bytes.byteCount
            }
            return bytes >= 0 ? BenchRun.seconds(since: start) : 0
        }
    }

    /// Decoding every frame into a reused batch.
    func decoding(_ input: BenchInput) -> Double {
        median {
            var batch = EventBatch()
            var decoders = input.decoders(&batch.instruments)
            let start = MonotonicTime.now()
            for frame in input.frames {
                batch.removeAll()
                input.withFrame(frame) { bytes in
                    _ = decoders[Int(frame.connection)]?.decode(
                        bytes,
                        receiveTime: frame.receiveTime,
                        into: &batch
                    )
                }
            }
            return BenchRun.seconds(since: start)
        }
    }

    /// Applying every book message.
    func applyingBooks(_ input: BenchInput) -> Double {
        median {
            var books = LiveBooks(instruments: input.events.instruments.count, rules: input.rules)
            let start = MonotonicTime.now()
            for frame in input.frames {
                for place in frame.order where input.order[place].kind == .book {
                    let update = input.events.books[input.order[place].place]
                    books.apply(update, of: input.events, on: frame.connection)
                }
            }
            return BenchRun.seconds(since: start)
        }
    }

    /// The synchronizer alone, books fixed: seconds, and nanoseconds an event over blocks of frames.
    func synchronizing(
        _ input: BenchInput,
        _ clock: ClockMode
    ) throws -> (seconds: Double, blocks: [Double], rows: Int) {
        var (times, blocks, rows): ([Double], [Double], Int) = ([], [], 0)
        for turn in 0...repeats {
            var synchronizer = try MarketSynchronizer(options: options(clock))
            var books = FixedBook(levels: options.depth)
            var counter = RowCounter()
            let begin = MonotonicTime.now()
            var next = 0
            while next < input.frames.count {
                let end = min(next + BenchRun.block, input.frames.count)
                let start = MonotonicTime.now()
                let events = feed(input, next..<end, &synchronizer, &books, &counter) { _, _, _, _ in false }
                let spent = Double(MonotonicTime.elapsed(start, MonotonicTime.now()))
                if turn > 0, events > 0 { blocks.append(spent / Double(events)) }
                next = end
            }
            synchronizer.finish(books: books, into: &counter)
            if turn > 0 { times.append(BenchRun.seconds(since: begin)) }
            rows = counter.rows
        }
        return (BenchRun.median(times[...]), blocks, rows)
    }

    /// Aggregating and writing the rows of real books: seconds each.
    func reducing(
        _ input: BenchInput,
        _ clock: ClockMode,
        into folder: String
    ) throws -> (aggregate: Double, write: Double) {
        var (aggregate, write): ([Double], [Double]) = ([], [])
        for turn in 0...repeats {
            var synchronizer = try MarketSynchronizer(options: options(clock))
            var books = LiveBooks(instruments: input.events.instruments.count, rules: input.rules)
            let writer = MarketFileWriter(
                root: "\(folder)/\(clock.rawValue)-\(turn)",
                options: MarketFileOptions(depth: options.depth)
            )
            defer { writer.discard() }
            var reducer = TimedReducer(
                depth: options.depth,
                instruments: input.events.instruments.instruments,
                writer: writer
            )
            _ = feed(input, input.frames.indices, &synchronizer, &books, &reducer) {
                books,
                update,
                batch,
                frame in
                books.apply(update, of: batch, on: frame.connection)
                return books.isGapped(update.instrument)
            }
            synchronizer.finish(books: books, into: &reducer)
            let last = try reducer.finish()
            guard turn > 0 else { continue }
            aggregate.append(Double(reducer.aggregating) * 1e-9)
            write.append(Double(reducer.writing + last) * 1e-9)
        }
        return (BenchRun.median(aggregate[...]), BenchRun.median(write[...]))
    }

    private func options(_ clock: ClockMode) -> SynchronizerOptions {
        var options = options
        options.clock = clock
        return options
    }

    /// Hands frames' events to a synchronizer; returns how many there were.
    private func feed<Books: BookSource>(
        _ input: BenchInput,
        _ range: Range<Int>,
        _ synchronizer: inout MarketSynchronizer,
        _ books: inout Books,
        _ consumer: inout some SnapshotConsumer,
        _ apply: (inout Books, BookUpdate, borrowing EventBatch, BenchInput.Frame) -> Bool
    ) -> Int {
        var count = 0
        for index in range {
            let frame = input.frames[index]
            let connection = frame.connection
            let stamp = FrameStamp(
                connection: connection,
                receiveTime: frame.receiveTime,
                exchangeTime: frame.exchangeTime
            )
            synchronizer.begin(frame: stamp, books: books, into: &consumer)
            count += frame.order.count
            for place in frame.order {
                let event = input.order[place]
                switch event.kind {
                case .book:
                    let update = input.events.books[event.place]
                    synchronizer.willApply(update, on: connection, books: books, into: &consumer)
                    let isGapped = apply(&books, update, input.events, frame)
                    synchronizer.didApply(
                        update.instrument,
                        isGapped: isGapped,
                        books: books,
                        into: &consumer
                    )
                case .trade:
                    let trade = input.events.trades[event.place]
                    synchronizer.add(trade, on: connection, books: books, into: &consumer)
                case .liquidation:
                    let liquidation = input.events.liquidations[event.place]
                    synchronizer.add(liquidation, on: connection, books: books, into: &consumer)
                case .fundingRate:
                    synchronizer.update(input.events.fundingRates[event.place], on: connection)
                case .openInterest:
                    synchronizer.update(input.events.openInterests[event.place], on: connection)
                case .status: break
                }
            }
        }
        return count
    }

    // MARK: - Numbers

    private func median(_ measure: () throws -> Double) rethrows -> Double {
        _ = try measure()
        var times: [Double] = []
        for _ in 0..<repeats { times.append(try measure()) }
        return BenchRun.median(times[...])
    }

    static func median(_ values: ArraySlice<Double>) -> Double { quantile(0.5, of: Array(values)) }

    /// The value below which that share of the values lies.
    static func quantile(_ share: Double, of values: [Double]) -> Double {
        let sorted = values.sorted()
        guard let last = sorted.last else { return 0 }
        let place = Int((Double(sorted.count) * share).rounded(.up)) - 1
        return sorted.indices.contains(place) ? sorted[place] : last
    }

    private static func seconds(since start: UInt64) -> Double { Double(MonotonicTime.now() - start) * 1e-9 }
}
