import ByteCoding
import MarketModel
import Recording

/// The beginning or the end of a gap, on its way to the ledger.
struct GapNote: Equatable {
    /// What ended or began: a connection, or a topic of one.
    var subject: String
    /// Why it began; nil for its end.
    var cause: String?
    /// How many trades are missing, where their numbers tell.
    var tradesMissed: UInt64?

    /// The note as an entry of the queue.
    var bytes: [UInt8] {
        let missed = tradesMissed.map { String($0) } ?? ""
        return Array("\(cause ?? "")\n\(missed)\n\(subject)".utf8)
    }

    init(_ subject: String, cause: String? = nil, tradesMissed: UInt64? = nil) {
        (self.subject, self.cause, self.tradesMissed) = (subject, cause, tradesMissed)
    }

    /// Reads an entry of the queue.
    init(_ bytes: RawSpan) {
        let text = bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        let parts = text.split(separator: "\n", maxSplits: 2, omittingEmptySubsequences: false)
        cause = parts[0].isEmpty ? nil : String(parts[0])
        tradesMissed = parts.count > 1 ? UInt64(parts[1]) : nil
        subject = parts.count > 2 ? String(parts[2]) : ""
    }
}
