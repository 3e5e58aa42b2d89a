import Foundation
import Testing

/// The commands on files of the standard's suite, made without this project's writer.
@Suite(
    .enabled(
        if: ProcessInfo.processInfo.environment["ATELIER_PYTHON"] != nil,
        "skipped, ATELIER_PYTHON is not set"
    )
)
struct ConformanceCommandTests {
    @Test func `info, cat, verify and recover take what the suite writes`() throws {
        let scratch = try Scratch()
        let names = try make(in: scratch)
        let verify = try AtelierProcess(["verify"] + names, in: scratch)
        #expect(verify.code == 0 && verify.output == "\(names.count) files: sound\n", "\(verify.output)")
        // One process per file, so only a few of each content.
        for (index, name) in names.enumerated() where index % 29 == 0 {
            let expected = name.contains("TenMessages") ? 10 : name.contains("Message") ? 1 : 0
            let info = try AtelierProcess(["info", name, "--json"], in: scratch)
            #expect(info.code == 0, "\(name) \(info.errors)")
            #expect(try info.json["messages"] as? Int == expected, "\(name)")
            let cat = try AtelierProcess(["cat", name, "--json"], in: scratch)
            #expect(cat.code == 0, "\(name) \(cat.errors)")
            #expect(cat.output.split(separator: "\n").count == expected, "\(name)")
            let arguments = ["recover", name, "--out", "o.mcap", "--force", "--json"]
            let recover = try AtelierProcess(arguments, in: scratch)
            #expect(recover.code == 0, "\(name) \(recover.errors)")
            #expect(try recover.json["messages"] as? Int == expected, "\(name)")
        }
    }

    private func make(in scratch: Scratch) throws -> [String] {
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "../Reference/mcap_conformance.py"
        )
        let process = Process()
        process.executableURL = URL(
            filePath: ProcessInfo.processInfo.environment["ATELIER_PYTHON"] ?? "python3"
        )
        process.arguments = [script.standardizedFileURL.path(), "write", scratch.file("cases")]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        let walk = FileManager.default.enumerator(atPath: scratch.file("cases"))
        let names = (walk?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".mcap") }.sorted()
        return names.map { "cases/\($0)" }
    }
}
