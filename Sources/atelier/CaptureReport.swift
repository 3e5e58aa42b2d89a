import ArgumentParser
import Capture
import MarketModel
import Sinks

/// The report of a session, for people and programs.
enum CaptureReport {
    /// Prints the summary; throws the exit code for connections without data, loss, or missing feeds.
    static func finish(_ counts: CaptureCounts, json: Bool, _ rows: Rows? = nil) throws {
        try? Console.result(json ? self.json(counts, rows) : text(counts))
        let shortcomings = counts.shortcomings
        for line in counts.failures + shortcomings + counts.quietTopics { Console.report(line) }
        if !counts.failures.isEmpty || rows?.isComplete == false { throw ExitCode.failure }
        if counts.dropped > 0 || !counts.torn.isEmpty || !shortcomings.isEmpty { throw ExitCode.damage }
    }

    /// The fate of a live session's rows.
    struct Rows {
        var count: Int
        /// Rows made early from frames that the log lost.
        var unlogged = 0
        /// Whether rows were made from all frames.
        var isWhole = true
        var sinks: [SinkFanOut.Report]

        /// Whether every sink has every row.
        var isComplete: Bool { isWhole && sinks.allSatisfy { $0.failure == nil && $0.lostRows == 0 } }

        var members: [(String, JSONOutput)] {
            let sinks = sinks.map { sink -> JSONOutput in
                .object([
                    ("name", .string(sink.name)), ("status", .string(sink.status)),
                    ("lost_rows", .count(sink.lostRows)),
                    ("failure", .optional(sink.failure?.description)),
                ])
            }
            return [
                ("rows", .count(count)), ("unlogged_rows", .count(unlogged)), ("rows_whole", .bool(isWhole)),
                ("sinks", .array(sinks)),
            ]
        }
    }

    static func text(_ counts: CaptureCounts) -> String {
        var lines = counts.connections.map { connection in
            "\(connection.name)  \(connection.frames) frames, \(connection.bytes) bytes, "
                + "\(connection.reconnects) reconnects, \(connection.plannedCloses) planned closes, "
                + "\(connection.gaps) book gaps, "
                + "\(connection.rejections) refusals"
        }
        lines.append(
            "logged \(counts.loggedFrames) frames in \(counts.files) files (\(counts.fileBytes) bytes), "
                + "dropped \(counts.dropped), gaps noted \(counts.gaps), "
                + "\(DurationArgument.text(counts.elapsed / 1_000_000_000 * 1_000_000_000))"
        )
        lines += counts.tornReasons.map(PrintableText.escaped)
        return lines.joined(separator: "\n")
    }

    static func json(_ counts: CaptureCounts, _ rows: Rows? = nil) -> String {
        let connections = counts.connections.map { connection -> JSONOutput in
            .object([
                ("name", .string(connection.name)), ("endpoint", .string(connection.endpoint)),
                ("connected", .bool(connection.hasOpened)), ("frames", .count(connection.frames)),
                ("bytes", .count(connection.bytes)), ("reconnects", .count(connection.reconnects)),
                ("planned_closes", .count(connection.plannedCloses)),
                ("rejections", .count(connection.rejections)),
                ("protocol_errors", .count(connection.protocolErrors)), ("gaps", .count(connection.gaps)),
                ("refused", .array(connection.lacking.refused.map(refusal))),
                ("unacknowledged", names(connection.lacking.unconfirmed)),
                ("without_data", names(connection.lacking.silent + connection.lacking.quiet)),
                ("without_snapshot", names(connection.lacking.withoutSnapshot)),
                ("unknown_symbols", .array(connection.unknownSymbols.map(JSONOutput.string))),
                ("definitions", connection.definitions.map { .count($0) } ?? .null),
                ("unsubscribed_symbols", .count(connection.unsubscribed)),
                ("unknown", .count(connection.unknownFrames)), ("errors", .count(connection.errorFrames)),
                ("round_trip_ns", connection.roundTrip.map { .wide($0) } ?? .null),
                ("last_failure", .optional(connection.lastFailure)),
            ])
        }
        let received = counts.connections.reduce(0) { $0 + $1.frames }
        let session: [(String, JSONOutput)] = [
            ("received", .count(received)), ("logged", .count(counts.loggedFrames)),
            ("dropped", .count(counts.dropped)), ("frame_bytes", .wide(counts.frameBytes)),
            ("file_bytes", .wide(counts.fileBytes)), ("files", .count(counts.files)),
            ("gaps", .count(counts.gaps)), ("torn", .array(counts.torn.map(JSONOutput.string))),
            ("elapsed_ns", .wide(counts.elapsed)), ("connections", .array(connections)),
        ]
        return JSONOutput.object(session + (rows?.members ?? [])).text
    }

    private static func refusal(_ refusal: FeedsLacking.Refusal) -> JSONOutput {
        .object([("topic", .string(refusal.topic)), ("reason", .string(refusal.reason))])
    }

    private static func names(_ names: [String]) -> JSONOutput { .array(names.map(JSONOutput.string)) }
}
