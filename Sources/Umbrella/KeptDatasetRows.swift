import ByteCoding
import Dataset
import Foundation
import MarketModel
import Recording
import Replay

/// The rows of a build and the state at the end of its recordings, in a folder: later recordings are added to them.
///
/// The folder holds `state`, a file of a state whose facts say what it is of, and `rows-<number>`, one an instrument.
struct KeptDatasetRows {
    /// The folder to go on from.
    var resume: String?
    /// The folder to write, which must not exist.
    var save: String?
    /// The keys of the plan that rows depend on, as lines.
    var plan: [String]
    /// The version of the code.
    var code: String

    /// Whether rows are put aside or gone on with.
    var isUsed: Bool { resume != nil || save != nil }

    /// Throws, before anything is read, if the folder to write exists.
    func check() throws(DatasetError) {
        guard let save, (try? FileManager.default.attributesOfItem(atPath: save)) != nil else { return }
        throw .outputExists(save)
    }

    // MARK: - Going on

    /// Goes on from the folder with a replay and a sink that have seen nothing yet.
    func begin(_ replay: inout Replay, _ sink: any StatefulRowSink) throws {
        guard let resume else { return }
        let file = try StateFile(path: resume + "/state")
        try compare(resume, file.facts, with: replay)
        for line in KeptDatasetRows.lines(file.facts["rows"]) {
            let fields = line.split(separator: " ", maxSplits: 2).map(String.init)
            guard fields.count == 3, try Self.line(resume + "/" + fields[2], as: fields[2]) == line else {
                throw DatasetError.source(
                    "\(resume): its file of rows \(PrintableText.shortened(fields.last ?? "")) is damaged; make the state anew"
                )
            }
        }
        let isOfRows = { (part: StatePart) in part.name.hasPrefix("/dataset/") }
        do {
            try replay.resume(atEnd: file.parts.filter { !isOfRows($0) })
        } catch {
            throw DatasetError.source("\(resume): \(error)")
        }
        try sink.goOn(from: file.parts.filter(isOfRows), in: resume)
    }

    private func compare(_ path: String, _ facts: [String: String], with replay: Replay) throws {
        guard facts["code"] == code else {
            let found = PrintableText.shortened(facts["code"] ?? "none")
            throw DatasetError.source("\(path): made by version \(found), this is \(code): make it anew")
        }
        let found = KeptDatasetRows.lines(facts["plan"])
        guard found == plan else {
            let other = found.first { !plan.contains($0) } ?? "no such key"
            let own = plan.first { !found.contains($0) } ?? "no such key"
            throw DatasetError.source(
                "\(path): its rows were made with \(PrintableText.shortened(other)), not with "
                    + "\(PrintableText.shortened(own)): use the same, or make the state anew"
            )
        }
        let inputs = KeptDatasetRows.lines(facts["inputs"])
        for (number, input) in inputs.enumerated() {
            let fields = input.split(separator: " ", maxSplits: 2).map(String.init)
            guard fields.count == 3, number < replay.sources.count,
                try Self.line(replay.sources[number], as: fields[2]) == input
            else {
                throw DatasetError.source(
                    "\(path): its recording \(number + 1), \(PrintableText.shortened(fields.last ?? "")), is not "
                        + "recording \(number + 1) here, or has changed: name the same recordings, and later ones"
                )
            }
        }
    }

    // MARK: - Putting aside

    /// Writes the folder at the end of a replay's frames, before its last rows: whole or not at all.
    func end(_ replay: inout Replay, _ sink: any StatefulRowSink) throws {
        guard let save else { return }
        let partial = "\(save).partial-\(UInt32.random(in: .min ... .max))"
        let files = FileManager.default
        do {
            try files.createDirectory(atPath: partial, withIntermediateDirectories: true)
            let rows = try sink.keep(in: partial)
            let names = try files.contentsOfDirectory(atPath: partial).sorted()
            let facts = [
                "code": code,
                "plan": plan.joined(separator: "\n"),
                "inputs": try replay.sources.map { try Self.line($0, as: ($0 as NSString).lastPathComponent) }
                    .joined(separator: "\n"),
                "rows": try names.map { try Self.line("\(partial)/\($0)", as: $0) }.joined(separator: "\n"),
            ]
            let state = StateFile(
                facts: facts,
                time: replay.position ?? 0,
                parts: try replay.endState() + rows
            )
            let output = try ByteOutput(path: partial + "/state")
            try state.write(to: output)
            try output.finish(replacing: false)
            try files.moveItem(atPath: partial, toPath: save)
        } catch {
            try? files.removeItem(atPath: partial)
            if let error = error as? DatasetError { throw error }
            throw DatasetError.source("\(save): the state cannot be written: \(error)")
        }
    }

    /// A file as its size, SHA-256 and name.
    private static func line(_ path: String, as name: String) throws(DatasetError) -> String {
        let digest = try FileDigest.of(path, name: name)
        return "\(digest.bytes) \(digest.sha256) \(name)"
    }

    private static func lines(_ text: String?) -> [String] {
        text?.split(separator: "\n").map(String.init) ?? []
    }
}
