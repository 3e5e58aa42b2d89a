import Foundation
import Recording
import Testing

/// Commands in pipes: standard input as a file, and readers that stop early.
struct PipeTests {
    @Test func `every reading command takes standard input`() throws {
        let scratch = try Scratch()
        let made = try MadeRecording("made.mcap", in: scratch)
        let pipe = "cat made.mcap | \"$0\" \"$@\""
        for command in [["cat", "--json"], ["info", "--json"], ["verify", "--json"], ["export"]] {
            let piped = try AtelierProcess(command + ["-"], shell: pipe, in: scratch)
            let direct = try AtelierProcess(command + [made.path], in: scratch)
            #expect(piped.code == 0 && piped.output == direct.output, "\(command) \(piped.errors)")
        }
        let recover = ["recover", "-", "--out", "out.mcap"]
        #expect(try AtelierProcess(recover, shell: pipe, in: scratch).code == 0)
        #expect(try MadeRecording.frames(of: "out.mcap", in: scratch) == made.frames)
        let replayed = try AtelierProcess(["replay", "-", "--json"], shell: pipe, in: scratch)
        let whole = try AtelierProcess(["replay", made.path, "--json"], in: scratch)
        #expect(try replayed.json["digest"] as? String == whole.json["digest"] as? String)
    }

    @Test func `commands stand in one pipe`() throws {
        let scratch = try Scratch()
        let made = try MadeRecording("made.mcap", in: scratch)
        let chain = """
            "$0" export made.mcap --format mcap --compression none | "$0" recover - --out - --compression lz4 \
            | "$0" export - | "$0" import - --out out.mcap --exchange bybit --market linear
            """
        let run = try AtelierProcess([], shell: chain, in: scratch)
        #expect(run.code == 0, "\(run.errors)")
        let frames = try MadeRecording.frames(of: "out.mcap", in: scratch)
        #expect(frames.map(\.text) == made.frames.map(\.text))
        #expect(frames.map(\.time) == made.frames.map(\.time))
    }

    @Test(arguments: [["cat"], ["cat", "--json"], ["export"], ["export", "--format", "mcap"]])
    func `a reader that stops early ends the command without a word`(_ command: [String]) throws {
        let scratch = try Scratch()
        let made = try MadeRecording("made.mcap", in: scratch, count: 20_000, chunkSize: 100_000)
        let shell = "{ \"$0\" \"$@\"; echo $? > code; } | head -c 100 > /dev/null"
        let run = try AtelierProcess(command + [made.path], shell: shell, in: scratch)
        #expect(run.errors.isEmpty, "\(run.errors)")
        // Ended by the pipe, as `cat` or `grep` would be: 128 + SIGPIPE.
        #expect(String(decoding: try scratch.bytes("code"), as: UTF8.self) == "141\n")
    }

    @Test func `a torn stream is read to its end, with exit code 3`() throws {
        let scratch = try Scratch()
        let made = try MadeRecording("made.mcap", in: scratch)
        let chunk = ChunkLocation.all(in: try scratch.bytes(made.path))[5]
        let pipe = "head -c \(chunk.offset + 20) made.mcap | \"$0\" \"$@\""
        let run = try AtelierProcess(["cat", "-", "--json"], shell: pipe, in: scratch)
        #expect(run.code == 3)
        let chunks = ChunkLocation.all(in: try scratch.bytes(made.path))
        #expect(try run.lines.count == chunks[..<5].reduce(0) { $0 + $1.frames })
        #expect(run.errors.contains("lost: byte \(chunk.offset), 20 bytes"), "\(run.errors)")
    }
}
