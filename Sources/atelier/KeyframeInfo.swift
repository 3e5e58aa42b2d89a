import Foundation
import MarketModel
import Recording

/// The keyframes beside a recording, for people and machines; of another folder `atelier info` says nothing.
struct KeyframeInfo {
    private let path: String
    private let file: KeyframeFile?
    private let problem: String?

    /// Nil if there are none.
    init?(besides recording: String) {
        path = KeyframeFile.path(of: recording)
        guard recording != "-", FileManager.default.fileExists(atPath: path) else { return nil }
        do throws(RecordingError) {
            let file = try KeyframeFile(path: path)
            let mark = RecordingMark(path: recording)
            self.file = file
            problem =
                mark.map { file.isOf($0) } == true
                ? nil : "they are of another recording, or of this one before it changed"
        } catch {
            (file, problem) = (nil, "\(error)")
        }
    }

    var json: JSONOutput {
        .object([
            ("file", .string(path)), ("count", .integer(file?.keyframes.count ?? 0)),
            ("bytes", .count(file?.size ?? 0)),
            ("stream_state", file?.facts["stream_state"].flatMap { Int($0) }.map { .integer($0) } ?? .null),
            ("plan", .optional(file?.facts["plan"])), ("problem", .optional(problem)),
        ])
    }

    var text: String {
        if let problem { return "not used: \(PrintableText.escaped(problem))" }
        guard let file else { return "none" }
        let plan = PrintableText.escaped(file.facts["plan"] ?? "")
        return "\(file.keyframes.count), \(file.size) bytes, of \(plan)"
    }
}
