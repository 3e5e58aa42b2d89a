import ByteCoding
import Glibc
import MarketModel
import Recording

/// Makes the files of keyframes of recordings that are there.
///
/// It replays each session once, from the last keyframe of those that are there and fit; recordings are only read. Equal
/// recordings and options give equal bytes.
public struct KeyframeMaker {
    private let options: ReplayOptions
    private let settings: KeyframeOptions
    private var replay: Replay
    private var watch = KeyframeWatch()
    private let paths: [String]
    /// The root of the last keyframe, empty before the first.
    private var root = ""
    private var reached: Int64?

    /// Makes keyframes of files and folders, session by session; returns what each file has in the end, in source order.
    ///
    /// `progress` is called now and then with the replay at hand.
    ///
    /// Throws what the recordings throw, and ``RecordingError`` if a file cannot be written; those that were complete
    /// before stay.
    public static func run(
        paths: [String],
        options: ReplayOptions,
        settings: KeyframeOptions,
        progress: (Replay) throws -> Void = { _ in }
    ) throws -> [MadeKeyframes] {
        let files = try RecordingFiles.expand(paths)
        let all = try SourceMerge(paths: files, options)
        var made: [MadeKeyframes] = []
        for session in Set(all.sessions).sorted() {
            let own = all.sources.indices.filter { all.sessions[$0] == session }.map { all.sources[$0].path }
            var maker = try KeyframeMaker(own, options, settings)
            made += try maker.make(progress)
        }
        return made
    }

    private init(_ paths: [String], _ options: ReplayOptions, _ settings: KeyframeOptions) throws {
        var options = options
        (options.from, options.to, options.instruments) = (nil, nil, nil)
        (options.digests, options.keepsLevels) = (false, true)
        (self.options, self.settings) = (options, settings)
        replay = try Replay(paths: paths, options: options, into: watch)
        self.paths = replay.merge.sources.map(\.path)
    }

    private mutating func make(_ progress: (Replay) throws -> Void) throws -> [MadeKeyframes] {
        let chain = KeyframeChain(replay.merge)
        let covered = chain?.marks.count ?? 0
        var made = try chain.map { try keep($0) } ?? []
        while made.count < covered, let chain {
            let file = made.count
            let one = try make(file, chain, progress)
            made.append(one)
            if one.problem != nil { break }
        }
        let reason = made.last?.problem ?? "it is not a finished recording of this program"
        for path in paths.dropFirst(made.count) {
            made.append(MadeKeyframes(recording: path, path: target(path), problem: reason))
        }
        return made
    }

    private func target(_ recording: String) -> String {
        KeyframeFile.path(of: recording, in: settings.folder)
    }

    // MARK: - Files that fit

    /// The first files' keyframes that are there, whole and right; goes to the end of the last.
    private mutating func keep(_ chain: KeyframeChain) throws -> [MadeKeyframes] {
        guard !settings.replaces else { return [] }
        var kept: [MadeKeyframes] = []
        var last: (file: KeyframeFile, keyframe: KeyframeIndex)?
        for (index, path) in paths.prefix(chain.marks.count).enumerated() {
            guard let file = try? KeyframeFile(path: target(path)), chain.fits(file, file: index, options),
                file.facts["every_ns"] == String(settings.interval), file.facts["after"] == root,
                (try? file.check()) != nil
            else { break }
            if let closing = file.keyframes.last { (last, root) = ((file, closing), closing.root) }
            kept.append(
                MadeKeyframes(
                    recording: path,
                    path: file.path,
                    count: file.keyframes.count,
                    size: file.size,
                    wasKept: true
                )
            )
        }
        guard kept.count < chain.marks.count, let last else { return kept }
        do {
            let gaps = try replay.resume(atKeyframe: try last.file.parts(of: last.keyframe))
            for gap in gaps { watch.received(gap.notice) }
            (reached, watch.rowsThrough) = (last.keyframe.time, last.keyframe.rowsThrough)
            return kept
        } catch {
            // Right digests, but of another meaning: from the beginning.
            watch = KeyframeWatch()
            replay = try Replay(paths: paths, options: options, into: watch)
            root = ""
            return []
        }
    }

    // MARK: - Making

    private mutating func make(
        _ file: Int,
        _ chain: KeyframeChain,
        _ progress: (Replay) throws -> Void
    ) throws -> MadeKeyframes {
        let path = target(paths[file])
        var made = MadeKeyframes(recording: paths[file], path: path)
        guard chain.marks[file].isExhaustive else {
            made.problem = "frames of it were lost, or are in no indexed chunk"
            return made
        }
        // Not `.partial`, which in a folder of recordings is one that is unfinished.
        let temporary = path + ".new"
        if !ByteOutput.isBeingWritten(temporary) { unlink(temporary) }
        let output = try ByteOutput(path: path, temporary: temporary)
        do {
            var facts = chain.facts(ofFile: file, options)
            facts["every_ns"] = String(settings.interval)
            facts["after"] = root
            facts["code"] = settings.version
            let writer = try KeyframeWriter(output, facts: facts)
            made.problem = try write(file, to: writer, progress)
            guard made.problem == nil else {
                output.discard()
                return made
            }
            try writer.finish()
            (made.count, made.size) = (writer.keyframes.count, output.position)
            try output.finish(replacing: true)
        } catch {
            output.discard()
            throw error
        }
        return made
    }

    /// Replays a file, and adds its keyframes; returns why it can have none.
    private mutating func write(
        _ file: Int,
        to writer: KeyframeWriter,
        _ progress: (Replay) throws -> Void
    ) throws -> String? {
        let (source, interval) = (replay.merge.sources[file], settings.interval)
        guard source.hasFrame else { return nil }
        var isBegun = false
        while source.hasFrame {
            guard replay.merge.next == file else { return "files of its session overlap in time" }
            let (quotient, _) = source.receiveTime.quotientAndRemainder(dividingBy: interval)
            let (due, isLate) = (quotient + 1).multipliedReportingOverflow(by: interval)
            if isBegun, let problem = try add(file, to: writer) { return problem }
            reached = try replay.run(before: isLate ? .max : due, inFile: file) ?? reached
            isBegun = true
            try progress(replay)
        }
        return try add(file, to: writer)
    }

    private mutating func add(_ file: Int, to writer: KeyframeWriter) throws -> String? {
        guard let time = reached, time >= 0, time < .max else { return "its times are none" }
        guard let parts = try replay.keyframe(ofFile: file, watch) else { return "it is damaged" }
        try writer.add(parts, time: time, rowsThrough: watch.rowsThrough, frames: replay.frames)
        root = writer.keyframes.last?.root ?? root
        return nil
    }
}
