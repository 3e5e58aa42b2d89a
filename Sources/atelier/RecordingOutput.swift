import ArgumentParser
import ByteCoding
import Foundation

/// A file that a command writes completely or not at all.
enum RecordingOutput {
    /// Throws, before any work is done, if the file is an input, or exists and may not be replaced.
    static func refuseExisting(
        _ path: String,
        force: Bool,
        inputs: [String] = [],
        option: String = "--out"
    ) throws {
        guard path != "-" else { return }
        if let input = inputs.first(where: { areSame($0, path) }) {
            throw ValidationError("\(option) \(path) is the input \(input) itself (choose another name)")
        }
        guard !force, FileManager.default.fileExists(atPath: path) else { return }
        throw CommandFailure("\(path): exists already (add --force to replace it)")
    }

    /// Writes through a `.partial` file, renamed when `body` is done and removed if it fails.
    ///
    /// Avoids the `inputs`: a recovery's input may be the `.partial` file of the same name.
    static func write(
        _ path: String,
        force: Bool,
        inputs: [String] = [],
        _ body: (ByteOutput) throws -> Void
    ) throws {
        let partial = temporaryName(of: path, inputs: inputs)
        // With --force a `.partial` file of a killed run is replaced too.
        if force, path != "-" { try? FileManager.default.removeItem(atPath: partial) }
        let output = try ByteOutput(path: path, temporary: partial)
        do {
            try body(output)
            try output.finish(replacing: force)
        } catch {
            output.discard()
            throw error
        }
    }

    private static func temporaryName(of path: String, inputs: [String]) -> String {
        var (name, number) = (path + ".partial", 0)
        while inputs.contains(where: { areSame($0, name) }) {
            number += 1
            name = "\(path).\(number).partial"
        }
        return name
    }

    /// Whether two paths lead to one file, also through links.
    private static func areSame(_ left: String, _ right: String) -> Bool {
        guard left != "-", right != "-" else { return false }
        var (first, second) = (stat(), stat())
        guard stat(left, &first) == 0, stat(right, &second) == 0 else { return left == right }
        return first.st_dev == second.st_dev && first.st_ino == second.st_ino
    }
}
