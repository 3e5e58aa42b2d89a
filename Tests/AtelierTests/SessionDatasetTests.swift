import Foundation
import Testing

/// The time between two sessions in `dataset build`: no window spans it, no label is measured across it.
struct SessionDatasetTests {
    private static let ways = [
        "--clock external", "--clock external --clock-scope global",
        "--clock orderbook-driven", "--clock orderbook-driven --sampling event",
        "--clock trade-driven", "--clock orderbook-driven --max-gap-fill 20",
        "--clock trade-driven --sampling event --entry row", "--clock trade-driven --bars tick:3 --entry row",
    ]

    /// The rows of an instrument of a set, and the time in which nothing was recorded.
    private struct Table {
        let rows: [[String: Any]]
        let hole: Range<Int>
        /// Where the content of each row begins and ends.
        let spans: [Range<Int>]
        let known: [Int]

        /// A row of a grid covers its period, other rows the time since the previous row.
        init(_ rows: [[String: Any]], hole: Range<Int>, period: Int?) throws {
            (self.rows, self.hole) = (rows, hole)
            let times = try rows.map { try Table.whole($0["ts"]) }
            known = try rows.map { try Table.whole($0["ts_available"]) }
            spans = times.indices.map { row in
                min(period.map { times[row] - $0 } ?? times[max(row - 1, 0)], times[row])..<times[row]
            }
        }

        static func whole(_ value: Any?) throws -> Int { try #require(Int("\(value ?? "")")) }

        /// The rows that a label was measured over.
        func path(of label: String, from row: Int, isTradable: Bool) throws -> ClosedRange<Int> {
            // It is measured from the row's start.
            if label == "return_sign" { return row...row }
            let entry = isTradable ? try self.row(at: known[row]) : row
            switch label {
            case "simple_return_1": return entry...(entry + 1)
            case "direction_2": return entry...(entry + 2)
            case "log_return_1s":
                return entry...(try self.row(at: spans[entry].upperBound + 1_000_000_000))
            default:
                let end = try Table.whole(rows[row]["\(label)_end"])
                return entry...(try #require(known[entry...].firstIndex(of: end)))
            }
        }

        /// The first row that ends at a time or later.
        private func row(at time: Int) throws -> Int {
            try #require(spans.firstIndex { $0.upperBound >= time })
        }

        /// On which side of the gap the content of rows is: -1 before, 1 after, 0 if it touches it.
        func side(_ rows: ClosedRange<Int>) -> Int {
            if spans[rows.upperBound].upperBound <= hole.lowerBound { return -1 }
            return spans[rows.lowerBound].lowerBound >= hole.upperBound ? 1 : 0
        }
    }

    /// The rows of each instrument of a set, in their order.
    private func rows(_ set: String, in scratch: Scratch) throws -> [[[String: Any]]] {
        let files = scratch.contents(of: "\(set)/parquet").filter { $0.hasSuffix(".parquet") }
        let folders = Dictionary(grouping: files) { $0.split(separator: "/").dropLast(2).joined() }
        return try folders.values.map { files in
            try files.sorted().flatMap {
                try AtelierProcess(["cat", "\(set)/parquet/\($0)", "--json"], in: scratch).lines
            }
        }
    }

    /// Builds a set of two recordings and looks at every sample and label.
    private func check(_ inputs: [[String]], _ flags: String, _ window: Int, in scratch: Scratch) throws {
        let recordings = try inputs.map {
            try scratch.recording(of: $0, exchange: "bybit", market: "linear")
        }
        let hole =
            try FrameLines.time(of: #require(inputs[0].last))..<FrameLines.time(of: #require(inputs[1].first))
        let usual = [
            "--out", "set", "--split", "none", "--window", "\(window)", "--missing", "mask",
            "--labels", "simple-return:1,log-return:1s,direction:2,triple-barrier:1:up=1:down=1,return-sign",
        ]
        let words = flags.split(separator: " ").map(String.init)
        let run = try AtelierProcess(
            ["dataset", "build"] + recordings.reversed() + usual + words,
            in: scratch
        )
        #expect(run.code == 0, "\(run.errors)")
        let period = words.contains("--period") ? 1_000_000_000 : 100_000_000
        let isGrid = !words.contains("--sampling") && !words.contains("--bars")
        let isTradable = !words.contains("row")
        var sides: [String: Set<Int>] = [:]
        for rows in try rows("set", in: scratch) {
            let table = try Table(rows, hole: hole, period: isGrid ? period : nil)
            for (index, row) in rows.enumerated() {
                if row["split"] is String {
                    sides["sample", default: []].insert(table.side((index - window + 1)...index))
                }
                for label in row.keys.filter({ row["\($0)_end"] != nil }) where !(row[label] is NSNull) {
                    let path = try table.path(of: label, from: index, isTradable: isTradable)
                    sides[label, default: []].insert(table.side(path))
                }
            }
        }
        #expect(sides["sample"] == [-1, 1])
        for (name, found) in sides { #expect(!found.contains(0), "\(name) touches the hole") }
        #expect(sides.values.filter { $0 == [-1, 1] }.count >= 3, "\(sides)")
    }

    @Test("no sample and no label touches a hole between sessions", arguments: ways, [7, 86_400])
    func hole(flags: String, seconds: Int) throws {
        let scratch = try Scratch()
        let run = try AtelierProcess(["export", scratch.recording("bybit-linear")], in: scratch)
        let first = run.output.split(separator: "\n").prefix(900).map(String.init)
        let length =
            try FrameLines.time(of: #require(first.last)) - FrameLines.time(of: #require(first.first))
        // The same frames again, with new ids.
        let second = try first.map {
            try FrameLines.later($0, by: length + seconds * 1_000_000_000)
                .replacing(#"\"i\":\""#, with: #"\"i\":\"b-"#)
        }
        try check([first, second], flags + (seconds > 60 ? " --period 1s" : ""), 3, in: scratch)
    }

    @Test(
        .enabled(if: FaultSamples.areThere),
        arguments: ["--entry row", "--entry tradable", "--entry row --time-basis exchange"]
    )
    func `no sample and no label touches what two captures leave out`(_ flags: String) throws {
        let inputs = try ["day1", "day2"].map { day in
            try String(contentsOfFile: "\(FaultSamples.root)/feeds/session-end/\(day).jsonl", encoding: .utf8)
                .split(separator: "\n").map(String.init)
        }
        try check(inputs, "--clock external --period 1s \(flags)", 2, in: Scratch())
    }
}
