import Glibc

/// Something to measure: a pass over inputs that lie in memory.
///
/// Passes are repeatable: each does what the one before did.
public final class Work {
    /// What is done: `decode`, `books`, `frames to books`, `clock`, `parquet`.
    public let kind: String
    /// What it is done to.
    public let subject: String
    /// Who does it: `ours`, or the name of a reference.
    public let side: String
    /// What a pass is counted in.
    public let unit: String
    /// How many units a pass has.
    public let units: Int
    /// How many bytes a pass takes in.
    public let bytes: Int
    private let preparation: (() -> Void)?
    private let pass: () -> Void

    init(
        _ kind: String,
        of subject: String,
        by side: String = "ours",
        unit: String,
        units: Int,
        bytes: Int = 0,
        preparation: (() -> Void)? = nil,
        pass: @escaping () -> Void
    ) {
        self.kind = kind
        self.subject = subject
        self.side = side
        self.unit = unit
        self.units = units
        self.bytes = bytes
        self.preparation = preparation
        self.pass = pass
    }

    /// The whole name.
    public var name: String { "\(kind): \(subject), \(side)" }

    /// Whether something must come before each pass.
    public var isPrepared: Bool { preparation != nil }

    /// What comes before a pass and is not measured.
    public func prepare() { preparation?() }

    /// One pass.
    public func run() { pass() }

    /// Processor seconds of this thread for a number of passes: a busy machine stretches the wall's.
    public func seconds(_ passes: Int) -> Double {
        guard preparation != nil else { return Work.measure { for _ in 0..<passes { pass() } } }
        var total = 0.0
        for _ in 0..<passes {
            prepare()
            total += Work.measure { pass() }
        }
        return total
    }

    private static func measure(_ body: () -> Void) -> Double {
        let begin = processorSeconds()
        body()
        return processorSeconds() - begin
    }

    private static func processorSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
