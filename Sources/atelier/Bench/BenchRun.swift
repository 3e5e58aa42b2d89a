import ByteCoding
import Exchanges
import Features
import MarketFiles
import MarketModel
import Measurement
import OrderBooks
import Pipeline
import Recording
import Replay
import Rows
import Synchronizer

/// Measures the stages of a replay, each alone on inputs in memory: warmed up, repeated, medians.
struct BenchRun {
    let path: String
    let repeats: Int
    let options: SynchronizerOptions
    /// Frames of one block of the distribution of times.
    private static let block = 64

    /// Whole replays from file to aggregates, streaming, by the wall and in turns with reading alone: frames/s by number of
    /// threads and of the reading, and the peak memory of a replay on one thread.
    func endToEnd(_ result: inout BenchResult, threads counts: [Int]) throws {
        var rates = counts.map { _ in [Double]() }
        var bounds: [Double] = []
        BenchMachine.forgetPeak()
        for turn in 0...repeats {
            for (index, threads) in counts.enumerated() {
                let rate = try replay(result.clock, threads: threads)
                if turn == 0, index == 0 { result.peakBytes = BenchMachine.peak }
                if turn > 0 { rates[index].append(rate) }
            }
            let bound = try reading()
            if turn > 0 { bounds.append(bound) }
        }
        result.replays = zip(counts, rates).map { ($0, BenchRun.median($1[...])) }
        result.bound = BenchRun.median(bounds[...])
    }

    private func replay(_ clock: ClockMode, threads: Int) throws -> Double {
        let start = MonotonicTime.now()
        var options = ReplayOptions(synchronizer: options(clock), digests: false)
        options.threads = threads
        var replay = try Replay(paths: [path], options: options, into: DiscardingSink())
        while try replay.run(limit: 1 << 20) {}
        let summary = try replay.finish()
        return Double(summary.counts.frames) / BenchRun.seconds(since: start)
    }

    /// Frames/s of reading the whole file: expanding, checking and parsing its chunks, in order of time.
    private func reading() throws -> Double {
        let start = MonotonicTime.now()
        return Double(try read(upTo: .max)) / BenchRun.seconds(since: start)
    }

    /// Reads the file until so many frames were received; returns how many were.
    private func read(upTo limit: Int) throws -> Int {
        let reader = try RecordingReader(path: path, order: .time)
        var (frames, bytes) = (0, 0)
        while frames < limit, try reader.advance() {
            if reader.channel.direction == .received { frames += 1 }
            bytes += reader.bytes.byteCount
        }
        return bytes >= 0 ? frames : 0
    }

    /// Reading the file: decompressing, checking and parsing its chunks.
    func decompressing(_ frames: Int) throws -> Double {
        try median {
            let start = ProcessorTime.now()
            _ = try read(upTo: frames)
            return ProcessorTime.seconds(since: start)
        }
    }

    /// Decoding every frame into a reused batch.
    func decoding(_ input: BenchInput) -> Double {
        median {
            var batch = EventBatch()
            var decoders = input.decoders(&batch.instruments)
            let start = ProcessorTime.now()
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
            return ProcessorTime.seconds(since: start)
        }
    }

    /// Applying every book message.
    func applyingBooks(_ input: BenchInput) -> Double {
        let session = input.session
        let batch = session.batch
        return median {
            var books = BookTable(batch.instruments.instruments, rules: input.rules)
            let start = ProcessorTime.now()
            for frame in session.frames {
                for event in batch.order[frame.events] where event.kind == .book {
                    let update = batch.books[event.index]
                    _ = books.apply(update, levels: batch.levels.span, on: frame.connection)
                }
            }
            return ProcessorTime.seconds(since: start)
        }
    }

    /// The synchronizer alone, as in a replay without files, with fixed books: seconds, nanoseconds per
    /// event over blocks of frames, and rows.
    func synchronizing(
        _ session: DecodedSession,
        _ clock: ClockMode
    ) throws -> (seconds: Double, blocks: [Double], rows: Int) {
        var options = options(clock)
        options.bookContent = .totals
        var (times, blocks, rows): ([Double], [Double], Int) = ([], [], 0)
        for turn in 0...repeats {
            let begin = ProcessorTime.now()
            rows = try synchronize(session, options) { synchronizer, host in
                synchronizer.feed(session, session.frames.indices, for: &host)
            }
            let seconds = ProcessorTime.seconds(since: begin)
            // Separate, because reading the clock for every block would be measured too.
            var spent: [Double] = []
            _ = try synchronize(session, options) { synchronizer, host in
                spent = BenchRun.blocks(of: session, &synchronizer, &host)
            }
            guard turn > 0 else { continue }
            times.append(seconds)
            blocks += spent
        }
        return (BenchRun.median(times[...]), blocks, rows)
    }

    private func synchronize(
        _ session: borrowing DecodedSession,
        _ options: SynchronizerOptions,
        _ feed: (inout MarketSynchronizer, inout StillHost) -> Void
    ) throws -> Int {
        var synchronizer = try MarketSynchronizer(options: options)
        var host = StillHost(levels: options.depth)
        feed(&synchronizer, &host)
        synchronizer.finish(for: &host)
        return host.rows
    }

    /// Feeds a session block by block; returns each block's nanoseconds per event, wall time.
    private static func blocks(
        of session: borrowing DecodedSession,
        _ synchronizer: inout MarketSynchronizer,
        _ host: inout StillHost
    ) -> [Double] {
        var blocks: [Double] = []
        var next = 0
        while next < session.frames.count {
            let end = min(next + BenchRun.block, session.frames.count)
            let start = MonotonicTime.now()
            synchronizer.feed(session, next..<end, for: &host)
            let spent = Double(MonotonicTime.elapsed(start, MonotonicTime.now()))
            let (first, last) = (session.frames[next].events, session.frames[end - 1].events)
            let events = last.upperBound - first.lowerBound
            if events > 0 { blocks.append(spent / Double(events)) }
            next = end
        }
        return blocks
    }

    /// Aggregating and writing the rows of real books: seconds each.
    func reducing(
        _ input: BenchInput,
        _ clock: ClockMode,
        into folder: String
    ) throws -> (aggregate: Double, write: Double) {
        let instruments = input.session.batch.instruments.instruments
        var (aggregate, write): ([Double], [Double]) = ([], [])
        for turn in 0...repeats {
            var synchronizer = try MarketSynchronizer(options: options(clock))
            let writer = MarketFileWriter(
                root: "\(folder)/\(clock.rawValue)-\(turn)",
                options: MarketFileOptions(depth: options.depth)
            )
            defer { writer.discard() }
            var host = TimedHost(
                books: BookTable(instruments, rules: input.rules),
                instruments: instruments,
                writer: writer
            )
            synchronizer.feed(input.session, input.session.frames.indices, for: &host)
            synchronizer.finish(for: &host)
            let last = try host.finish()
            guard turn > 0 else { continue }
            aggregate.append(Double(host.aggregating) * 1e-9)
            write.append(Double(host.writing + last) * 1e-9)
        }
        return (BenchRun.median(aggregate[...]), BenchRun.median(write[...]))
    }

    private func options(_ clock: ClockMode) -> SynchronizerOptions {
        var options = options
        options.clock = clock
        return options
    }

    // MARK: - Numbers

    private func median(_ measure: () throws -> Double) rethrows -> Double {
        _ = try measure()
        var times: [Double] = []
        for _ in 0..<repeats { times.append(try measure()) }
        return BenchRun.median(times[...])
    }

    static func median(_ values: ArraySlice<Double>) -> Double { quantile(0.5, of: Array(values)) }

    /// The value below which this share of the values is.
    static func quantile(_ share: Double, of values: [Double]) -> Double {
        let sorted = values.sorted()
        guard let last = sorted.last else { return 0 }
        let index = Int((Double(sorted.count) * share).rounded(.up)) - 1
        return sorted.indices.contains(index) ? sorted[index] : last
    }

    private static func seconds(since start: UInt64) -> Double { Double(MonotonicTime.now() - start) * 1e-9 }
}
