import ByteCoding
import MarketModel
import Recording

/// The beginning or the end of a gap, queued for the ledger.
struct GapNote: Equatable {
    /// The connection or topic concerned.
    var subject: String
    /// Why it began; nil for its end.
    var cause: String?
    /// How many trades are missing, if their numbers tell.
    var tradesMissed: UInt64?

    /// The note as a queue entry.
    var bytes: [UInt8] {
        let missed = tradesMissed.map { String($0) } ?? ""
        return Array("\(cause ?? "")\n\(missed)\n\(subject)".utf8)
    }

    init(_ subject: String, cause: String? = nil, tradesMissed: UInt64? = nil) {
        (self.subject, self.cause, self.tradesMissed) = (subject, cause, tradesMissed)
    }

    /// Reads a queue entry.
    init(_ bytes: RawSpan) {
        let text = bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        let parts = text.split(separator: "\n", maxSplits: 2, omittingEmptySubsequences: false)
        cause = parts[0].isEmpty ? nil : String(parts[0])
        tradesMissed = parts.count > 1 ? UInt64(parts[1]) : nil
        subject = parts.count > 2 ? String(parts[2]) : ""
    }
}
