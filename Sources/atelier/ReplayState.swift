import ArgumentParser
import ByteCoding
import MarketModel
import Recording
import Replay
import Synchronizer

/// The file of a replay's state: read before the first frame, written after the last.
struct ReplayState {
    private let command: ReplayCommand
    private let options: String

    init(_ command: ReplayCommand, _ options: ReplayOptions) {
        self.command = command
        // Rows outside the slice and of other instruments count nowhere, not even in the digests.
        var flags = command.rows.flags
        if case .times(let ticks) = options.synchronizer.ticks, let name = flags.firstIndex(of: "--ticks") {
            // Ticks are the same by what they are, whatever their file is called.
            let text = ticks.map { "\($0)\n" }.joined()
            flags[name + 1] = Hexadecimal.text(SHA256.digest(of: text))
        }
        if let from = options.from { flags += ["--from", String(from)] }
        if let to = options.to { flags += ["--to", String(to)] }
        let instruments = options.instruments?.map(\.description).sorted().joined(separator: ",")
        if let instruments { flags += ["--instruments", instruments] }
        self.options = flags.joined(separator: " ")
    }

    /// Throws, before anything is read, if the state cannot get its name.
    func check() throws {
        guard let path = command.saveState else { return }
        if path == "-" { throw ValidationError("--save-state takes the name of a file, found '-'") }
        try RecordingOutput.refuseExisting(path, force: command.force, inputs: inputs, option: "--save-state")
    }

    private var inputs: [String] {
        let files =
            command.recordings
            + [command.rows.ticks, command.out.map { "\($0)/gaps.jsonl" }].compactMap(\.self)
        return files.filter { $0 != "-" }
    }

    /// The state, with the numbers of the ledger's gaps.
    func state(of replay: inout Replay, _ ledger: ReplayLedger?) throws(StateError) -> StateFile {
        var (parts, gaps) = (StateParts(), ledger?.gaps ?? OpenGaps())
        try parts.part("/ledger", &gaps)
        return StateFile(
            facts: ["frames": String(replay.frames), "options": options],
            time: replay.position ?? 0,
            parts: try replay.state() + parts.parts
        )
    }

    /// Writes the state: when all rows are where they belong.
    func write(_ state: StateFile?) throws {
        guard let path = command.saveState, let state else { return }
        try RecordingOutput.write(path, force: command.force, inputs: inputs) { try state.write(to: $0) }
    }

    /// Goes on from the state in a file; one of other options is refused.
    func read(_ path: String, _ replay: inout Replay, _ ledger: ReplayLedger?) throws {
        var state = try StateFile(path: path)
        if state.facts["options"] != options {
            let found = PrintableText.escaped(state.facts["options"] ?? "none")
            throw CommandFailure(
                "\(path): the state was made with the options \(found), not with \(options): use the same"
            )
        }
        guard let last = state.parts.popLast() else { throw ReplayError.state(.missingPart("/ledger")) }
        var (parts, gaps) = (StateParts(reading: [last]), ledger?.gaps ?? OpenGaps())
        try parts.part("/ledger", &gaps)
        ledger?.gaps = gaps
        try replay.resume(from: state.parts)
        if let limit = command.stopAfter, replay.frames > limit {
            throw ValidationError("--stop-after \(limit): the state is of \(replay.frames) frames already")
        }
    }
}
