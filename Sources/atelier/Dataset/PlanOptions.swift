import ArgumentParser
import Dataset

/// The plan on the command line: a file, and flags that override it.
struct PlanOptions: ParsableArguments {
    @Argument(help: "Recordings: .mcap files, or folders of them.", completion: .file(extensions: ["mcap"]))
    var recordings: [String] = []

    @Option(help: "A TOML file with any of the keys below.", completion: .file(extensions: ["toml"]))
    var plan: String?

    @Option(help: "Instruments in their order in the set: exchange/market/symbol,… (default: all)")
    var instruments: String?

    @Option(help: "Rows with ts after this only (RFC 3339, date, or ns).")
    var from: String?

    @Option(help: "Rows with ts up to this only (RFC 3339, date, or ns).")
    var to: String?

    @Option(
        help: "What moves the clock: trade-driven (default), orderbook-driven, liquidation-driven, external."
    )
    var clock: String?

    @Option(help: "Times that tick the external clock instead of every period: RFC 3339 or ns, ascending.")
    var ticks: String?

    @Option(help: "Length of a row, such as 100ms (the default).")
    var period: String?

    @Option(help: "receive (default) or exchange.")
    var timeBasis: String?

    @Option(help: "How long the clock lags behind, so that late events still find their row.")
    var holdBack: String?

    @Option(help: "The most rows filled over one jump of the clock (default 36000).")
    var maxGapFill: String?

    @Option(help: "Whose events move the clock: instrument (default) or global.")
    var clockScope: String?

    @Option(help: "A row a period (grid, the default) or a row a driving event (event).")
    var sampling: String?

    @Option(help: "Rows that close at a threshold: tick:N, volume:V or notional:N.")
    var bars: String?

    @Option(help: "Levels a side that features sum (default 50).")
    var depth: String?

    @Option(help: "Feature sets and single features: aggregate (default), microstructure, book:10, …")
    var features: String?

    @Option(help: "Labels: direction:10:band=0.5, log-return:5s, triple-barrier:100:up=5:down=5, …")
    var labels: String?

    @Option(help: "What labels are measured from: tradable (default) or row, which cannot be traded.")
    var entry: String?

    @Option(help: "The reference price of labels: mid (default) or microprice.")
    var price: String?

    @Option(help: "Time from knowing a row to acting on it (default 0s).")
    var latency: String?

    @Option(help: "Prices of books older than this are missing (default none).")
    var maxAge: String?

    @Option(help: "Rows of a sample (default 1).")
    var window: String?

    @Option(help: "Rows between two samples (default 1).")
    var stride: String?

    @Option(
        help: """
            The parts: fractions:0.7,0.15,0.15 (default), dates:VALIDATION,TEST, \
            walk-forward:folds=4,train=0.5, none.
            """
    )
    var split: String?

    @Option(help: "Time behind a boundary without samples (default auto: the longest horizon).")
    var embargo: String?

    @Option(help: "Scaling fitted on training rows: none (default), z-score, robust.")
    var normalise: String?

    @Option(help: "A scale for each instrument (instrument, the default) or one for all (pooled).")
    var normaliseScope: String?

    @Option(help: "Features without any value: leave-out (default), refuse or mask.")
    var missing: String?

    @Option(help: "Type of features and labels in files: float32 (default) or float64.")
    var dtype: String?

    @Option(help: "Labels in arrays: number (default) or class (0, 1, 2 as int64).")
    var labelType: String?

    @Flag(help: "Store every window whole: features are [N, L, F].")
    var materialise = false

    @Option(help: "File formats: npy,parquet (default), safetensors.")
    var outputs: String?

    @Option(
        help:
            "How Parquet columns are encoded: automatic (default), or plain for readers without the newer ways."
    )
    var encoding: String?

    @Option(help: "Cuts of the log that the build audits itself with (default 0).")
    var audit: String?

    /// The given keys, the file's first.
    func entries() throws -> [(key: String, value: PlanValue)] {
        var entries = try plan.map(PlanFile.read) ?? []
        if !recordings.isEmpty { entries.append(("recordings", .list(recordings.map { .text($0) }))) }
        let flags: [(String, String?)] = [
            ("instruments", instruments), ("from", from), ("to", to), ("clock", clock), ("ticks", ticks),
            ("period", period),
            ("time-basis", timeBasis), ("hold-back", holdBack), ("max-gap-fill", maxGapFill),
            ("clock-scope", clockScope), ("sampling", sampling), ("bars", bars), ("depth", depth),
            ("features", features), ("labels", labels), ("entry", entry), ("price", price),
            ("latency", latency), ("max-age", maxAge), ("window", window), ("stride", stride),
            ("split", split), ("embargo", embargo), ("normalise", normalise),
            ("normalise-scope", normaliseScope), ("missing", missing), ("dtype", dtype),
            ("label-type", labelType),
            ("materialise", materialise ? "true" : nil), ("outputs", outputs), ("encoding", encoding),
            ("audit", audit),
        ]
        for (key, value) in flags {
            if let value { entries.append((key, .text(value))) }
        }
        return entries
    }
}
