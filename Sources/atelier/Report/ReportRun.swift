import ArgumentParser
import ByteCoding
import MarketModel
import Pipeline
import Replay
import Synchronizer

/// One run of `atelier report`: the page is written completely or not at all.
struct ReportRun {
    private let command: ReportCommand
    private let options: ReplayOptions
    private let interruption = Interruption()
    private let progress: ReplayProgress
    private let collector: ReportCollector

    init(_ command: ReportCommand, _ options: ReplayOptions) {
        self.command = command
        self.options = options
        progress = ReplayProgress(isShown: !command.json)
        let isOnGrid = command.rows.isOnGrid
        collector = ReportCollector(rowWidth: isOnGrid ? options.synchronizer.period : nil)
    }

    func run() throws {
        OpenFiles.allowMany()
        let inputs = try RecordingFiles.expand(command.recordings) { Console.report($0) }
        try RecordingOutput.refuseExisting(command.out, force: command.force, inputs: inputs)
        // Recordings are opened first: if they cannot be read nothing is created.
        var replay = try Replay(paths: inputs, options: options, into: collector)
        var written = (summary: ReplaySummary(), bytes: UInt64(0))
        try RecordingOutput.write(command.out, force: command.force, inputs: inputs) { output in
            try read(&replay)
            let summary = try replay.finish()
            let composer = ReportComposer(command, options, summary, collector)
            try output.write(composer.page)
            try output.flush()
            written = (summary, output.position)
        }
        try conclude(written.summary, bytes: written.bytes)
    }

    /// One frame at a time, for the chart of frames.
    private func read(_ replay: inout Replay) throws {
        defer { Console.endProgress() }
        var frames = 0
        while try replay.run(limit: 1) {
            guard replay.frames > frames, let time = replay.position else { continue }
            frames = replay.frames
            collector.countFrame(at: time)
            guard frames & 0xffff == 0 else { continue }
            try interruption.check()
            progress.show(replay)
        }
        try interruption.check()
    }

    private func conclude(_ summary: ReplaySummary, bytes: UInt64) throws {
        let report = ReplayReport(summary, seconds: progress.seconds, files: [], out: nil)
        for line in report.warnings { Console.report(line) }
        let result = ReportResult(path: command.out, bytes: bytes, summary: summary)
        if command.json {
            try Console.result(result.json.text)
        } else if command.out != "-" {
            try Console.result(result.text)
        }
        if summary.hasDamage { throw ExitCode.damage }
    }
}
