import MarketFiles
import MarketModel
import OrderBooks
import Pipeline
import Recording
import Replay
import Report
import Synchronizer

/// Composes the page of a replay.
struct ReportComposer {
    private let command: ReportCommand
    private let options: ReplayOptions
    private let summary: ReplaySummary
    private let collector: ReportCollector

    init(
        _ command: ReportCommand,
        _ options: ReplayOptions,
        _ summary: ReplaySummary,
        _ collector: ReportCollector
    ) {
        (self.command, self.options) = (command, options)
        (self.summary, self.collector) = (summary, collector)
    }

    /// The page.
    var page: String { ReportPage(content).text }

    private var content: ReportContent {
        var content = ReportContent()
        content.title = command.title ?? title
        content.recordings = summary.recordings.map(facts)
        content.span = summary.span.map { ($0.first, $0.last) }
        content.losses = LossText(summary).sentences
        content.notes = notes
        content.headlines = headlines
        content.counters = ReportCounters(summary).groups
        content.frames = collector.frames
        content.lateness = lateness
        content.instruments = instruments
        content.chartLimit = ReportCollector.chartLimit
        content.gaps = collector.gapList
        content.statuses = collector.statuses
        content.unknownSamples = summary.unknownSamples
        content.commands = commands
        content.digest = summary.digest ?? ""
        content.contentDigest = summary.contentDigest ?? ""
        content.isOnGrid = command.rows.isOnGrid
        content.version = "\(Atelier.version) report"
        return content
    }

    private var title: String {
        let names = summary.recordings.map { FileName.shown($0.path) }
        return "Session report: \(names.first ?? "")"
            + (names.count > 1 ? " and \(names.count - 1) more" : "")
    }

    private func facts(of file: ReplayedRecording) -> RecordingFacts {
        var facts = RecordingFacts(name: FileName.shown(file.path))
        facts.isDamaged = summary.damagedFiles.contains(file.path)
        facts.state =
            facts.isDamaged
            ? "damaged or torn" : file.isReadToEnd ? "whole" : "not read to its end (--to)"
        guard let contents = file.contents else {
            facts.state = "not read (behind --to)"
            return facts
        }
        facts.channels = contents.channels.map { .init($0.channel.topic, $0.frames) }
        facts.messages = contents.frames
        if let start = contents.start, let end = contents.end {
            facts.span = (Int64(clamping: start), Int64(clamping: end))
        }
        facts.storedBytes = contents.compressedBytes
        facts.expandedBytes = contents.uncompressedBytes
        facts.compression = contents.compressions.map { "\($0.chunks) \($0.name)" }.joined(separator: ", ")
        return facts
    }

    private var headlines: [ReportContent.Count] {
        let (counts, rows) = (summary.counts, summary.synchronizer)
        let books = counts.bookSnapshots + counts.bookDeltas
        return [
            .init("frames", counts.frames), .init("book messages", books), .init("trades", counts.trades),
            .init("rows", summary.rows), .init("gaps of books", summary.gaps),
            .init("late events", rows.lateEvents),
            .init("frames missing", summary.missingFrames), .init("frames dropped", summary.droppedFrames),
        ]
    }

    private var lateness: LatenessFacts {
        let rows = summary.synchronizer
        var facts = LatenessFacts()
        facts.count = rows.lateEvents
        facts.placed = rows.placedTrades + rows.placedLiquidations + rows.lateEvents
        facts.cumulative = summary.lateness?.cumulative() ?? []
        facts.greatest = summary.greatestLateness ?? 0
        facts.suggested = summary.suggestedHoldBack
        facts.suggestion = DurationArgument.text(summary.suggestedHoldBack)
        return facts
    }

    private var instruments: [InstrumentFacts] {
        let chosen = summary.instruments.enumerated().filter { _, one in
            options.instruments?.contains(one.instrument) ?? true
        }
        return chosen.map { facts(of: $0.element) }
    }

    private func facts(of one: InstrumentSummary) -> InstrumentFacts {
        var facts = InstrumentFacts(
            name: one.instrument.description,
            tally: collector.tally(of: one.instrument)
        )
        facts.gaps = collector.gaps(of: one.instrument, until: summary.span?.last)
        facts.trades = one.trades
        facts.bookState = one.bookState.name
        facts.levels = (one.bids, one.asks)
        facts.bestBid = one.bestBid.map { ($0.price.description, $0.size.description) }
        facts.bestAsk = one.bestAsk.map { ($0.price.description, $0.size.description) }
        facts.crossedSeen = one.crossedSeen
        return facts
    }

    // MARK: - Notes

    private var notes: [String] {
        var notes: [String] = []
        if !summary.hasConnections {
            notes.append("No topic is a connection to an exchange: there is nothing to replay.")
        }
        for absent in summary.absentInstruments { notes.append("No frame names the instrument \(absent).") }
        if options.instruments != nil {
            notes.append("Rows, charts and gaps listed are of the chosen instruments; counters are of all.")
        }
        if options.from != nil || options.to != nil {
            let from = options.from.map { " after \(UnixTime.rfc3339($0))" } ?? ""
            let to = options.to.map { " up to \(UnixTime.rfc3339($0))" } ?? ""
            notes.append("Rows are those with ts\(from)\(to); counters cover all that was read.")
        }
        if summary.counts.unknown + summary.counts.errorFrames > 0 {
            notes.append(
                "\(summary.counts.unknown) frames are of unknown kinds, \(summary.counts.errorFrames) could not "
                    + "be read: what they held is in no row."
            )
        }
        if summary.gaps > 0 {
            notes.append("Books were gapped \(summary.gaps) times; rows show nothing of a gapped book.")
        }
        if lateness.count * 1000 > lateness.placed {
            notes.append("More than 0.1 % of trades and liquidations came too late for their row.")
        }
        if summary.stepsBack > 0 {
            notes.append(
                "Receive times stepped back \(summary.stepsBack) times; frames count at the greatest so far."
            )
        }
        return notes
    }

    // MARK: - Commands

    /// How to reproduce the page, and proof that the rows are the same.
    private var commands: [String] {
        let files = summary.recordings.map { FileName.last(of: $0.path) }
        var options = command.rows.flags
        if let instruments = command.instruments?.instruments {
            options += ["--instruments", instruments.map(\.description).joined(separator: ",")]
        }
        if let from = self.options.from { options += ["--from", String(from)] }
        if let to = self.options.to { options += ["--to", String(to)] }
        let title = command.title.map { ["--title", $0] } ?? []
        let expected = summary.digest.map { ["--expect", $0] } ?? []
        return [
            ["atelier", "report"] + files + options + title + ["--out", "report.html"],
            ["atelier", "replay"] + files + options + expected,
        ]
        .map { $0.map(ShellText.quoted).joined(separator: " ") }
    }
}
