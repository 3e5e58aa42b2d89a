import ArgumentParser
import ByteCoding
import MarketModel
import Synchronizer

/// How events become rows: the options of every command that runs the synchronizer.
struct SynchronizerArguments: ParsableArguments {
    @Option(help: "What moves the clock.")
    var clock: ClockMode = .tradeDriven

    @Option(help: "Length of a row's period, such as 100ms or 1s.")
    var period = DurationArgument(nanoseconds: 100_000_000)

    @Option(help: "Whose clock places events: when frames arrived, or what the venue stamped.")
    var timeBasis: TimeBasis = .receive

    @Option(help: "How long the clock lags behind, so that late events still find their row.")
    var holdBack = DurationArgument(nanoseconds: 0)

    @Option(help: "The most rows filled over one jump of the clock; a longer one re-anchors.")
    var maxGapFill: Int64 = 36_000

    @Option(help: "Levels a side that are summed and written; books keep all.")
    var depth = 50

    @Option(help: "Whose driving events move an instrument's clock: its own, or those of all.")
    var clockScope: ClockScope = .instrument

    @Option(help: "Where rows end: at the edges of a uniform grid, or at every driving event.")
    var sampling: Sampling = .grid

    @Option(help: "Rows that close at a threshold of trading: tick:N, volume:V or notional:N.")
    var bars: String?

    @Option(
        help: "Times that tick the external clock: a file of RFC 3339 times or ns, one a line, ascending.",
        completion: .file()
    )
    var ticks: String?

    mutating func validate() throws {
        do throws(SynchronizerError) {
            try MarketSynchronizer.check(options(ticks == nil ? .everyPeriod : .times([])))
        } catch {
            throw ValidationError("--\(error)")
        }
    }

    /// The options, including the file of ticks.
    func options() throws -> SynchronizerOptions {
        let source = try tickSource()
        do throws(SynchronizerError) {
            let options = try options(source)
            try MarketSynchronizer.check(options)
            return options
        } catch {
            throw ValidationError("--\(error)")
        }
    }

    private func options(_ source: TickSource) throws(SynchronizerError) -> SynchronizerOptions {
        var options = SynchronizerOptions(
            clock: clock,
            period: period.nanoseconds,
            timeBasis: timeBasis,
            watermarkDelay: holdBack.nanoseconds,
            maxGapFill: maxGapFill,
            depth: depth
        )
        options.scope = clockScope
        options.sampling = sampling
        if let bars { options.bars = try Bars(parsing: bars) }
        options.ticks = source
        return options
    }

    private func tickSource() throws -> TickSource {
        guard let ticks else { return .everyPeriod }
        let lines = LineReader(try ByteInput(path: ticks, expansion: .automatic))
        var times: [Int64] = []
        while try lines.advance() {
            let text = lines.line.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
            let trimmed = text.trimmingSpaces
            if trimmed.isEmpty { continue }
            guard let time = TimeArgument(argument: trimmed) else {
                throw CommandFailure(
                    "\(ticks): line \(lines.number): found '\(PrintableText.escaped(trimmed))', "
                        + "expected an RFC 3339 time, a date or nanoseconds"
                )
            }
            times.append(time.nanoseconds)
        }
        return .times(times)
    }

    /// The options that reproduce the rows, including defaults; the file of ticks by name only.
    var flags: [String] {
        var flags = [
            "--clock", clock.rawValue, "--period", period.description, "--time-basis", timeBasis.rawValue,
            "--hold-back", holdBack.description, "--max-gap-fill", String(maxGapFill),
            "--depth", String(depth), "--clock-scope", clockScope.rawValue,
            "--sampling", sampling.rawValue,
        ]
        if let bars { flags += ["--bars", bars] }
        if let ticks { flags += ["--ticks", FileName.last(of: ticks)] }
        return flags
    }

    /// Whether rows are on a uniform grid.
    var isOnGrid: Bool { sampling == .grid && bars == nil }

    /// How the output was made, for the files' metadata.
    var metadata: [(key: String, value: String)] {
        [
            ("atelier.clock", clock.rawValue), ("atelier.period_ns", String(period.nanoseconds)),
            ("atelier.time_basis", timeBasis.rawValue),
            ("atelier.hold_back_ns", String(holdBack.nanoseconds)), ("atelier.depth", String(depth)),
            ("atelier.clock_scope", clockScope.rawValue), ("atelier.sampling", sampling.rawValue),
            ("atelier.bars", bars ?? ""),
        ]
    }
}

extension String {
    /// The text without spaces and tabs at its ends.
    var trimmingSpaces: String {
        let isSpace = { (character: Character) in character == " " || character == "\t" }
        let start = drop(while: isSpace)
        return String(String(start.reversed().drop(while: isSpace)).reversed())
    }
}
