import ArgumentParser
import MarketFiles
import MarketModel
import Recording
import Replay
import Rows
import Sinks
import Synchronizer

/// One run of `atelier replay`: at the end all its files exist, or none does.
struct ReplayRun {
    private let command: ReplayCommand
    private let options: ReplayOptions
    private let interruption = Interruption()
    private let progress: ReplayProgress

    init(_ command: ReplayCommand, _ options: ReplayOptions) {
        self.command = command
        self.options = options
        progress = ReplayProgress(isShown: !command.json)
    }

    func run() throws {
        OpenFiles.allowMany()
        let state = ReplayState(command, options)
        try state.check()
        try StateFile.refuse(command.recordings)
        let output = try command.out.map { try OutputFolder($0, force: command.force) }
        // A state has the numbers of gaps though there may be no file of them.
        let path = output.map { "\($0.path)/gaps.jsonl" }
        let ledger = path != nil || command.keepsState ? ReplayLedger(path: path ?? "gaps.jsonl") : nil
        var sinks: [any RowSink] = []
        do {
            sinks = try chosenSinks()
            if let output { sinks.append(marketFiles(in: output)) }
            if let ledger { sinks.append(ledger) }
            let sink = SinkFanOut(sinks)
            // Recordings are opened first: if they cannot be read nothing is created.
            var replay = try open(into: sink)
            if let path = command.resume { try state.read(path, &replay, ledger) }
            if path != nil { try ledger?.open() }
            replay.tellOpenGaps()
            try read(&replay, sink)
            let reached = try command.saveState.map { _ in try state.state(of: &replay, ledger) }
            let summary = try command.endsEarly ? replay.summarize() : replay.finish()
            let files = sink.finish().files
            try check(sink)
            try state.write(reached)
            try report(summary, files)
            try conclude(summary)
        } catch let error as ExitCode {
            throw error
        } catch {
            Console.endProgress()
            for sink in sinks { sink.discard() }
            output?.discard()
            throw error
        }
    }

    /// Opens the recordings, at a keyframe where one serves, and says so.
    private func open(into sink: SinkFanOut) throws(ReplayError) -> Replay {
        guard command.usesKeyframes else {
            return try Replay(paths: command.recordings, options: options, into: sink)
        }
        let replay = try Replay(
            paths: command.recordings,
            options: options,
            into: sink,
            keyframesIn: command.keyframes
        )
        if let start = replay.keyframeStart {
            let path = PrintableText.escaped(start.path)
            Console.report("reading begins behind \(UnixTime.rfc3339(start.time)), at a keyframe of \(path)")
        } else if replay.hasKeyframes(in: command.keyframes) {
            Console.report(
                "reading begins at the first frame: no keyframe fits (atelier keyframes makes them)"
            )
        }
        return replay
    }

    private func marketFiles(in output: OutputFolder) -> MarketFileSink {
        let files = MarketFileOptions(
            depth: command.rows.depth,
            books: command.bookLayout,
            folders: command.folders,
            encoding: command.encoding,
            metadata: command.rows.metadata
        )
        let slice = EventSlice(from: options.from, to: options.to, basis: options.synchronizer.timeBasis)
        return MarketFileSink(root: output.path, options: files, raw: command.raw ? slice : nil)
    }

    /// Sinks beside the market files; their lines go to standard error if the summary is JSON.
    private func chosenSinks() throws(SinkError) -> [any RowSink] {
        let isJSON = command.json
        let settings = SinkSettings { line in
            if isJSON { Console.report(line) } else { try? Console.result(line) }
        }
        var made: [any RowSink] = []
        for sink in command.sinks?.sinks ?? [] where !sink.needsFolder {
            made.append(try sink.make(settings))
        }
        return made
    }

    private func read(_ replay: inout Replay, _ sink: SinkFanOut) throws {
        if let factor = command.speed?.factor { return try readPaced(&replay, sink, factor) }
        while try replay.run(limit: 1 << 16, stopAfter: command.stopAfter ?? .max) {
            try interruption.check()
            try check(sink)
            progress.show(replay)
        }
        Console.endProgress()
    }

    private func readPaced(_ replay: inout Replay, _ sink: SinkFanOut, _ factor: Double) throws {
        var pace = ReplayPace(factor: factor)
        while let time = replay.nextTime, replay.frames < command.stopAfter ?? .max {
            try pace.wait(until: time, interruption)
            guard try replay.run(limit: 1) else { break }
            try check(sink)
            if replay.frames & 0xff == 0 { progress.show(replay) }
        }
        Console.endProgress()
    }

    /// In a replay a sink that fails ends the command.
    private func check(_ sink: SinkFanOut) throws {
        if let error = sink.firstError { throw error }
    }

    private func report(_ summary: ReplaySummary, _ files: [String]) throws {
        let seconds = progress.seconds
        let report = ReplayReport(summary, seconds: seconds, files: files, out: command.out)
        for line in report.warnings { Console.report(line) }
        try Console.result(command.json ? report.json.text : report.text)
    }

    private func conclude(_ summary: ReplaySummary) throws {
        if let expect = command.expect?.lowercased(), expect != summary.digest,
            expect != summary.contentDigest
        {
            Console.report(
                "digest: found \(summary.digest ?? "none") (content \(summary.contentDigest ?? "none")), "
                    + "expected \(expect); the rows are not those of that run"
            )
            throw ExitCode.damage
        }
        if summary.hasDamage { throw ExitCode.damage }
    }
}
