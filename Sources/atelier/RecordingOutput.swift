import ArgumentParser
import ByteCoding
import Foundation

/// A file a command writes whole or not at all.
enum RecordingOutput {
    /// Fails at once, before work is done, if the file exists and may not be replaced.
    static func refuseExisting(_ path: String, force: Bool) throws {
        guard path != "-", !force, FileManager.default.fileExists(atPath: path) else { return }
        throw CommandFailure("\(path): exists already (add --force to replace it)")
    }

    /// Writes through a `.partial` file, which takes the name when `body` is done and goes away if it fails.
    static func write(_ path: String, force: Bool, _ body: (ByteOutput) throws -> Void) throws {
        // With --force a `.partial` that a killed run left behind goes too.
        if force, path != "-" { try? FileManager.default.removeItem(atPath: path + ".partial") }
        let output = try ByteOutput(path: path)
        do {
            try body(output)
            try output.finish(replacing: force)
        } catch {
            output.discard()
            throw error
        }
    }
}

/// A failure with a text that says all.
struct CommandFailure: Error, CustomStringConvertible {
    let description: String

    init(_ text: String) { description = text }
}
