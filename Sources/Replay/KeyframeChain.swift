import ByteCoding
import Recording

/// The files of one session in their order, as far as keyframes can be of them.
struct KeyframeChain {
    /// What tells each file from others; shorter than the files where one has no trusted index.
    let marks: [RecordingMark]
    private let sessionStart: Int64

    /// Nil if the sources are of several sessions, or none is a finished recording.
    init?(_ merge: SourceMerge) {
        guard Set(merge.sessions).count == 1, let session = merge.sources.first?.session else { return nil }
        var marks: [RecordingMark] = []
        for source in merge.sources {
            guard let mark = RecordingMark(path: source.path) else { break }
            marks.append(mark)
        }
        guard !marks.isEmpty else { return nil }
        (self.marks, sessionStart) = (marks, session.start)
    }

    /// What keyframes of a file state, apart from how and after what they were made.
    func facts(ofFile file: Int, _ options: ReplayOptions) -> [String: String] {
        let (mark, files) = (marks[file], marks[...file].map { "\($0.text)\n" }.joined())
        return [
            "stream_state": String(KeyframePlan.streamState), "plan": KeyframePlan.text(options),
            "recording": mark.name, "size": String(mark.size), "summary_crc": String(mark.summaryCRC),
            "session_start_ns": String(sessionStart),
            "files": Hexadecimal.text(SHA256.digest(of: files)),
        ]
    }

    /// Whether keyframes are of a file, of those before it, and of these options.
    func fits(_ keyframes: KeyframeFile, file: Int, _ options: ReplayOptions) -> Bool {
        facts(ofFile: file, options).allSatisfy { keyframes.facts[$0.key] == $0.value }
    }
}
