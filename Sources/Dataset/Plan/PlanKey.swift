/// A key of a plan; each is a flag of `dataset build` too.
public struct PlanKey: Sendable {
    /// The key, and the flag's name after `--`.
    public var name: String
    /// What it is, in one line.
    public var summary: String
    /// The valid values, in words.
    public var form: String
    /// The default value; nil if the key is required.
    public var standard: String?

    /// All keys, in the order a plan is stored.
    public static let all: [PlanKey] = [
        PlanKey("recordings", "recordings or folders of them", "PATH,…", nil),
        PlanKey("instruments", "instruments in their order in the set", "exchange/market/symbol,…", "all"),
        PlanKey("from", "rows after this time", "RFC 3339, date or ns", "the beginning"),
        PlanKey("to", "rows up to this time", "RFC 3339, date or ns", "the end"),
        PlanKey("clock", "what moves the clock", "a clock mode", "trade-driven"),
        PlanKey("ticks", "times that tick the external clock", "TIME,… or period", "period"),
        PlanKey("period", "length of a row", "duration", "100ms"),
        PlanKey("time-basis", "whose clock places events", "receive or exchange", "receive"),
        PlanKey("hold-back", "how long the clock lags", "duration", "0s"),
        PlanKey("max-gap-fill", "most empty rows filled over a jump", "rows", "36000"),
        PlanKey("clock-scope", "whose events move the clock", "instrument or global", "instrument"),
        PlanKey("sampling", "a row a period or a row a driving event", "grid or event", "grid"),
        PlanKey("bars", "rows that close at a threshold", "none, tick:N, volume:V or notional:N", "none"),
        PlanKey("depth", "levels a side that features sum", "levels", "50"),
        PlanKey("features", "feature sets or single features", "NAME,…", "aggregate"),
        PlanKey("labels", "labels", "KIND:HORIZON[:NAME=VALUE…],…", "none"),
        PlanKey("entry", "what labels are measured from", "tradable or row", "tradable"),
        PlanKey("price", "the reference price of labels", "mid or microprice", "mid"),
        PlanKey("latency", "time from knowing a row to acting on it", "duration", "0s"),
        PlanKey("max-age", "prices of books older than this are missing", "duration or none", "none"),
        PlanKey("window", "rows of a sample", "rows", "1"),
        PlanKey("stride", "rows between two samples", "rows", "1"),
        PlanKey("split", "the parts", SplitPlan.form, "fractions:0.7,0.15,0.15"),
        PlanKey("embargo", "time behind a boundary without samples", "duration or auto", "auto"),
        PlanKey("normalise", "scaling fitted on training rows", "none, z-score or robust", "none"),
        PlanKey(
            "normalise-scope",
            "a scale per instrument, or one for all",
            "instrument or pooled",
            "instrument"
        ),
        PlanKey("missing", "features without any value", "leave-out, refuse or mask", "leave-out"),
        PlanKey("dtype", "type of features and labels in files", "float32 or float64", "float32"),
        PlanKey("label-type", "labels in arrays: values, or indices of classes", "number or class", "number"),
        PlanKey("materialise", "store every window whole", "true or false", "false"),
        PlanKey("outputs", "file formats", "npy, safetensors, parquet", "npy,parquet"),
        PlanKey("encoding", "how Parquet columns are encoded", "automatic or plain", "automatic"),
        PlanKey("audit", "cuts of the log that the build audits itself with", "cuts", "0"),
    ]

    private init(_ name: String, _ summary: String, _ form: String, _ standard: String?) {
        self.name = name
        self.summary = summary
        self.form = form
        self.standard = standard
    }
}
