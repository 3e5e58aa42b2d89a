import ArgumentParser
import MarketFiles
import MarketModel
import Replay
import Sinks
import Synchronizer

/// One run of `atelier replay`: either all its files are there at the end, or none is.
struct ReplayRun {
    private let command: ReplayCommand
    private let options: ReplayOptions
    private let interruption = Interruption()
    private let started = ContinuousClock.now

    init(_ command: ReplayCommand, _ options: ReplayOptions) {
        self.command = command
        self.options = options
    }

    func run() throws {
        OpenFiles.allowMany()
        let output = try command.out.map { try OutputFolder($0, force: command.force) }
        let writer = output.map { MarketFileWriter(root: $0.path, options: fileOptions) }
        var ledger: ReplayLedger?
        do {
            // The recordings first: where they cannot be read nothing is begun.
            let consumer = MarketFileConsumer(
                writer: writer,
                isRaw: command.raw,
                slice: slice,
                sinks: sinks
            )
            var replay = try Replay(
                paths: command.recordings,
                options: options,
                consumer: consumer
            )
            ledger = try output?.ledger()
            consumer.ledger = ledger
            try read(&replay)
            let summary = try replay.finish()
            let files = try writer?.finish() ?? []
            try ledger?.finish()
            try report(summary, files)
            try conclude(summary)
        } catch let error as ExitCode {
            throw error
        } catch {
            Console.endProgress()
            writer?.discard()
            ledger?.discard()
            output?.discard()
            throw error
        }
    }

    private var fileOptions: MarketFileOptions {
        MarketFileOptions(
            depth: command.rows.depth,
            books: command.bookLayout,
            folders: command.folders,
            metadata: command.rows.metadata
        )
    }

    /// Sinks beside the market files; lines go to standard error where the summary is JSON.
    private var sinks: [any Sink] {
        guard command.sinks?.hasTerminal == true else { return [] }
        let isJSON = command.json
        return [TerminalSink { line in if isJSON { Console.note(line) } else { try? Console.result(line) } }]
    }

    private var slice: EventSlice {
        EventSlice(from: options.from, to: options.to, basis: options.synchronizer.timeBasis)
    }

    private func read(_ replay: inout Replay) throws {
        if let factor = command.speed?.factor { return try readPaced(&replay, factor) }
        while try replay.run(limit: 1 << 16) {
            try interruption.check()
            showProgress(replay)
        }
        Console.endProgress()
    }

    private func readPaced(_ replay: inout Replay, _ factor: Double) throws {
        var pace = ReplayPace(factor: factor)
        while let time = replay.nextTime {
            try pace.wait(until: time, interruption)
            guard try replay.run(limit: 1) else { break }
            if replay.frames & 0xff == 0 { showProgress(replay) }
        }
        Console.endProgress()
    }

    private func showProgress(_ replay: borrowing Replay) {
        guard Console.isTerminal, !command.json else { return }
        let seconds = max((ContinuousClock.now - started).seconds, 1e-9)
        let rate = Double(replay.frames) / seconds
        let position = replay.position.map { UnixTime.rfc3339($0, fractionDigits: 0) } ?? ""
        var text = "\(replay.frames) frames, \(rate.grouped) frames/s, at \(position)"
        if let (read, size) = replay.progress, read > 0 {
            let left = seconds * Double(size - read) / Double(read)
            text += ", \(100 * read / max(size, 1)) %, \(left.rounded(to: 0).grouped) s left"
        }
        Console.progress(text)
    }

    private func report(_ summary: ReplaySummary, _ files: [String]) throws {
        let seconds = (ContinuousClock.now - started).seconds
        let report = ReplayReport(summary, seconds: seconds, files: files, out: command.out)
        for line in report.warnings { Console.note(line) }
        try Console.result(command.json ? report.json.text : report.text)
    }

    private func conclude(_ summary: ReplaySummary) throws {
        if let expect = command.expect?.lowercased(), expect != summary.digest,
            expect != summary.contentDigest
        {
            Console.note(
                "digest: found \(summary.digest ?? "none") (content \(summary.contentDigest ?? "none")), "
                    + "expected \(expect); the rows are not those of that run"
            )
            throw ExitCode.damage
        }
        if summary.hasDamage { throw ExitCode.damage }
    }
}

extension Duration {
    /// The length in seconds.
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}

extension Double {
    /// A rate for people: `1,234,567`.
    var grouped: String {
        guard magnitude < 1e15 else { return "\(self)" }
        let digits = String(Int(rounded()))
        var text = ""
        for (place, digit) in digits.reversed().enumerated() {
            if place > 0, place % 3 == 0, digit != "-" { text.append(",") }
            text.append(digit)
        }
        return String(text.reversed())
    }
}
