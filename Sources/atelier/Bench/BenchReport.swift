import MarketModel
import Measurement
import Synchronizer

/// The results of `bench`, for people and machines.
struct BenchReport {
    let source: String
    let input: BenchInput
    let machine: BenchMachine
    let repeats: Int
    let results: [BenchResult]

    /// One object: of the clock, or of all clocks under `clocks`.
    var json: String {
        if results.count == 1 { return JSONOutput.object(members(results[0]) + circumstances).text }
        let clocks = results.map { JSONOutput.object(members($0)) }
        return JSONOutput.object([("clocks", .array(clocks))] + circumstances).text
    }

    private func members(_ result: BenchResult) -> [(String, JSONOutput)] {
        [
            ("clock", .string(result.clock.rawValue)), ("events", .integer(result.events)),
            ("events_fed", .integer(result.eventsFed)),
            ("events_per_second", .double(result.eventsPerSecond.rounded())),
            (
                "ns_per_event",
                .object([
                    ("p50", .double(result.p50.rounded(to: 2))), ("p99", .double(result.p99.rounded(to: 2))),
                ])
            ),
            ("peak_bytes", .count(result.peakBytes)),
            ("stages", .object(result.stages.all.map { ($0.0, .double($0.1.rounded(to: 6))) })),
            ("rows", .integer(result.rows)),
            ("frames_per_second", .double(result.framesPerSecond.rounded())),
            (
                "threads",
                .array(
                    result.replays.map { one in
                        .object([
                            ("threads", .integer(one.threads)),
                            ("frames_per_second", .double(one.framesPerSecond.rounded())),
                        ])
                    }
                )
            ),
            ("bound_frames_per_second", .double(result.bound.rounded())),
            ("share_of_bound", .double(result.share.rounded(to: 3))),
        ]
    }

    /// The input and the machine.
    private var circumstances: [(String, JSONOutput)] {
        [
            ("source", .string(source)), ("frames", .integer(input.frames.count)),
            ("bytes", .integer(input.bytes.count)), ("is_cut", .bool(input.isCut)),
            ("repeats", .integer(repeats)), ("machine", machine.json),
        ]
    }

    var text: String {
        let cut = input.isCut ? " (the first ones of more; --frames takes others)" : ""
        return [
            "measured on  \(PrintableText.escaped(source)): \(input.frames.count) frames\(cut), "
                + "\(input.session.order.count) events, \(input.bytes.count >> 20) MiB",
            "machine      \(machine.text)",
            "method       median of \(repeats) runs after one to warm up, one thread unless said; processor time of it, but by the wall:",
            "             replays and their bound, ns/event over blocks, aggregate, write", "",
            "The synchronizer alone: \(results.first?.eventsFed ?? 0) decoded events in memory (a short session repeated), "
                + "an unchanging book of which rows",
            "show the totals, as in a replay without files; ns over blocks of 64 frames",
            clocks.text, "",
            "Whole replays, streamed, frames/s; the bound is reading the recording alone on one thread, the share that of one thread",
            replays.text, "",
            "Stages, ms for all frames, each measured by itself",
            stages.text,
        ]
        .joined(separator: "\n")
    }

    private var clocks: TextTable {
        TextTable(
            header: ["clock", "events/s", "ns/event p50", "p99", "rows"],
            rows: results.map { one in
                [
                    one.clock.rawValue, one.eventsPerSecond.grouped, "\(one.p50.rounded(to: 1))",
                    "\(one.p99.rounded(to: 1))", "\(one.rows)",
                ]
            }
        )
    }

    private var replays: TextTable {
        let counts = results.first?.replays.map(\.threads) ?? []
        return TextTable(
            header: ["clock"] + counts.map { $0 == 1 ? "1 thread" : "\($0) threads" } + [
                "bound", "share", "peak MiB",
            ],
            rows: results.map { one in
                [one.clock.rawValue] + one.replays.map(\.framesPerSecond.grouped)
                    + [one.bound.grouped, "\(one.share.rounded(to: 2))", "\(one.peakBytes >> 20)"]
            }
        )
    }

    private var stages: TextTable {
        TextTable(
            header: ["clock"] + BenchStages().all.map(\.0),
            rows: results.map { one in
                [one.clock.rawValue] + one.stages.all.map { "\((1000 * $0.1).rounded(to: 2))" }
            }
        )
    }
}
