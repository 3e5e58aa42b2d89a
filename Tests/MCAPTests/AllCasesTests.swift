import ByteCoding
import Foundation
import MCAP
import Testing

/// Every content of the standard's suite with every set of features, made by `Tests/Reference/mcap_conformance.py`,
/// which shares no code with this project and is proved against the suite's own files where those are present.
@Suite(.enabled(if: Python.path != nil, "skipped, ATELIER_PYTHON is not set"))
struct AllCasesTests {
    private func script(_ verb: String, _ folder: String) throws -> String {
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "../Reference/mcap_conformance.py"
        )
        let process = Process()
        process.executableURL = URL(filePath: Python.path ?? "python3")
        process.arguments = [script.standardizedFileURL.path(), verb, folder]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return String(decoding: data, as: UTF8.self)
    }

    @Test(.enabled(if: !ConformanceCase.all.isEmpty, "skipped, no conformance files"))
    func `the cases made here are the suite's own`() throws {
        let said = try script("prove", ConformanceCase.root.path())
        #expect(said.hasPrefix("\(ConformanceCase.all.count) files of the suite are the same here"))
    }

    @Test func `each case is read, checked, recovered and written again as it is`() throws {
        let folder = temporaryFile("cases")
        defer { try? FileManager.default.removeItem(atPath: folder) }
        _ = try script("write", folder)
        let cases = ConformanceCase.cases(in: URL(filePath: folder))
        #expect(cases.count == 416)
        for given in cases {
            let bytes = Array(try Data(contentsOf: URL(filePath: given.path + ".mcap")))
            let reader = try ConformanceTests.read(bytes, given)
            #expect(reader.losses == [], "\(given)")
            if !given.isPadded { #expect(try write(given) == bytes, "\(given)") }
            let check = try FileCheck(checking: ByteInput(bytes: bytes.span.bytes))
            #expect(check.problems == [], "\(given)")
            try recover(bytes, after: check, given)
        }
    }

    private func recover(_ bytes: [UInt8], after check: FileCheck, _ given: ConformanceCase) throws {
        let output = ByteOutput()
        let recovery = try Recovery(of: ByteInput(bytes: bytes.span.bytes), to: output, after: check)
        #expect(recovery.losses == [] && recovery.isComplete, "\(given)")
        let kept = output.takeBytes()
        _ = try Reading(kept)
        #expect(try FileCheck(checking: ByteInput(bytes: kept.span.bytes)).problems == [], "\(given)")
        let counts = (recovery.messages, recovery.attachments, recovery.metadata)
        let said = ["Message", "Attachment", "Metadata"].map { type in
            UInt64(given.records.count { $0.type == type })
        }
        #expect(counts == (said[0], said[1], said[2]), "\(given)")
    }
}
