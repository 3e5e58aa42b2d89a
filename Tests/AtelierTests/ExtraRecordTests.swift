import ByteCoding
import Foundation
import MCAP
import Testing

/// Attachments and metadata records of any MCAP file, and limits that are not damage, through the commands.
struct ExtraRecordTests {
    /// A file of small chunks with an attachment and a metadata record before each.
    private func file(in scratch: Scratch, profile: String, attachment size: Int = 5) throws -> String {
        let path = scratch.file("extras.mcap")
        let output = try ByteOutput(path: path)
        let writer = try MCAPWriter(output, header: Header(profile: profile))
        try writer.add(Channel(id: 7, topic: "/a"))
        for index in 0..<3 {
            let time = UInt64(index)
            let data = [UInt8](repeating: UInt8(index), count: size)
            try writer.write(
                Attachment(logTime: time, createTime: 9, name: "f\(index)", mediaType: "text/x", data: data)
            )
            try writer.write(Metadata(name: "calibration", values: ["place": "\(index)"]))
            let header = MessageHeader(
                channelID: 7,
                sequence: UInt32(index + 1),
                logTime: time,
                publishTime: time
            )
            try writer.write(header, data: Array("m\(index)".utf8).span.bytes)
        }
        try writer.finish()
        try output.finish(replacing: false)
        return path
    }

    private func extras(of path: String) throws -> [ExtraRecord] {
        var records = ExtraRecords(try ByteInput(path: path))
        var found: [ExtraRecord] = []
        while let record = try records.next() { found.append(record) }
        return found
    }

    @Test(arguments: ["", "atelier", "ros2"])
    func `an MCAP export keeps attachments and metadata`(profile: String) throws {
        let scratch = try Scratch()
        let path = try file(in: scratch, profile: profile)
        let wanted = try extras(of: path)
        #expect(wanted.count == 6)
        for (flags, frames) in [([], 3), (["--from", "1"], 2), (["--topic", "/none"], 0)] {
            let export = ["export", path, "--out", "out.mcap", "--force"] + flags
            #expect(try AtelierProcess(export, in: scratch).code == 0)
            #expect(try extras(of: scratch.file("out.mcap")) == wanted, "\(flags)")
            let info = try AtelierProcess(["info", "out.mcap", "--json"], in: scratch).json
            #expect(info["messages"] as? Int == frames && info["attachments"] as? Int == 3)
            #expect(try AtelierProcess(["verify", "out.mcap"], in: scratch).code == 0)
            // A pipe is read once.
            let piped = ["export", "-", "--out", "piped.mcap", "--force"] + flags
            let run = try AtelierProcess(piped, shell: "cat extras.mcap | \"$0\" \"$@\"", in: scratch)
            #expect(run.code == 0, "\(run.errors)")
            #expect(try extras(of: scratch.file("piped.mcap")) == wanted, "\(flags)")
        }
        let lines = try AtelierProcess(["export", path], in: scratch)
        #expect(lines.code == 0 && lines.errors.contains("3 attachments are not in the JSON lines"))
    }

    @Test func `a limit is an option and never damage`() throws {
        let scratch = try Scratch()
        let path = try file(in: scratch, profile: "", attachment: 300_000)
        for command in [
            ["verify", path], ["recover", path, "--out", "r.mcap"], ["export", path, "--out", "e.mcap"],
        ] {
            let run = try AtelierProcess(command + ["--max-chunk", "1KiB"], in: scratch)
            #expect(run.code == 1, "\(command)")
            #expect(run.errors.contains("--max-chunk"), "\(run.errors)")
            #expect(
                try AtelierProcess(command + ["--max-chunk", "1MiB"], in: scratch).code == 0,
                "\(command)"
            )
        }
        // A reader that wants none of them skips them.
        for command in ["info", "cat"] {
            let run = try AtelierProcess([command, path, "--max-chunk", "1KiB"], in: scratch)
            #expect(run.code == (command == "info" ? 1 : 0), "\(run.errors)")
        }
        let small = ["cat", path, "--max-chunk", "10"]
        let run = try AtelierProcess(small, in: scratch)
        #expect(run.code == 1 && run.errors.contains("chunk of"), "\(run.errors)")
    }

    @Test func `metadata records cost no time that grows with their square`() throws {
        let scratch = try Scratch()
        let path = scratch.file("many.mcap")
        let output = try ByteOutput(path: path)
        let writer = try MCAPWriter(output, header: Header())
        for index in 0..<40_000 { try writer.write(Metadata(name: "m\(index)", values: [:])) }
        try writer.finish()
        try output.finish(replacing: false)
        let info = try AtelierProcess(["info", path, "--json"], in: scratch)
        #expect(info.code == 0)
        #expect(try info.json["metadata"] as? Int == 40_000)
    }
}
