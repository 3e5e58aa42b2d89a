import Foundation

/// The parts of a stored `manifest.json` that checking needs.
public struct StoredManifest: Decodable, Sendable {
    /// A file as the manifest lists it.
    public struct File: Decodable, Sendable {
        /// The path as given, or relative to the dataset's folder.
        public var path: String
        /// 64 lower-case hexadecimal digits.
        public var sha256: String
    }

    /// `atelier-dataset`.
    public var format: String
    /// The version of the manifest's format, 1 or 2.
    public var version: Int
    /// What made the dataset.
    public var code: String
    /// The version of the zstd library that compressed its files; nil in version 1, which does not say.
    public var zstd: String?
    /// The recordings.
    public var inputs: [File]
    /// The dataset's files except the manifest.
    public var outputs: [File]

    static let format = "atelier-dataset"
    static let version = 2
    private static let name = "manifest.json"

    /// Reads the manifest of the dataset in `folder`.
    public static func read(_ folder: String) throws(DatasetError) -> StoredManifest {
        let path = folder + "/" + name
        var isFolder = ObjCBool(false)
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue
        else { throw .source("\(folder): no folder of this name (name the folder of a dataset)") }
        let text = Data(try text(folder).utf8)
        do {
            let head = try JSONDecoder().decode(Head.self, from: text)
            guard head.format == format else {
                throw DatasetError.damagedSet("\(path): format: found '\(head.format)', expected '\(format)'")
            }
            guard 1...version ~= head.version else {
                throw DatasetError.damagedSet(
                    "\(path): version: found \(head.version), expected 1 or \(version) (read it with the atelier that made it)"
                )
            }
            let manifest = try JSONDecoder().decode(Self.self, from: text)
            guard manifest.version == 1 || manifest.zstd != nil else {
                throw DatasetError.damagedSet("\(path): found no member 'zstd', expected one")
            }
            try manifest.checkPaths(path)
            return manifest
        } catch let error as DatasetError {
            throw error
        } catch {
            throw .damagedSet("\(path): \(reason(error))")
        }
    }

    private struct Head: Decodable {
        var format: String
        var version: Int
    }

    /// A hostile manifest must not make us read other files.
    private func checkPaths(_ path: String) throws(DatasetError) {
        for file in outputs where file.path.hasPrefix("/") || file.path.split(separator: "/").contains("..") {
            throw .damagedSet("\(path): outputs: found '\(file.path)', expected a path below the dataset")
        }
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case DecodingError.keyNotFound(let key, _): "found no member '\(key.stringValue)', expected one"
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
            "member '\(context.codingPath.map(\.stringValue).joined(separator: "."))' is of another type than expected"
        default: "found no whole JSON object, expected a manifest"
        }
    }

    /// The text; anything over 1 GiB is not a manifest.
    private static func text(_ folder: String) throws(DatasetError) -> String {
        let path = folder + "/" + name
        let size = (try? FileManager.default.attributesOfItem(atPath: DatasetFiles.resolved(path)))?[.size]
        guard let size = size as? UInt64 else {
            throw .damagedSet("\(path): there is none (name the folder of a dataset)")
        }
        guard size <= 1 << 30 else {
            throw .damagedSet("\(path): found \(size) bytes, expected a manifest")
        }
        do {
            return try String(contentsOf: URL(filePath: path), encoding: .utf8)
        } catch {
            throw .damagedSet("\(path): \(error.localizedDescription)")
        }
    }
}

// Comparing.
extension StoredManifest {
    /// Compares files with the inputs; returns what was compared, throws the first difference.
    package func compare(_ files: [String]) throws(DatasetError) -> String {
        guard files.count == inputs.count else {
            throw .source("found \(files.count) files, expected \(inputs.count)")
        }
        for (path, file) in zip(files, inputs) { try file.compare(path, as: path) }
        return "\(inputs.count) files have their digests"
    }

    /// Compares the files in `folder` with the outputs; returns what was compared, throws the first
    /// difference.
    func compareOutputs(in folder: String) throws(DatasetError) -> String {
        let listed = Set(outputs.map(\.path))
        let present = DatasetFiles.all(below: folder)
        // A listed folder may be a link, which holds what is listed below it.
        let isHeld = { (name: String) in outputs.contains { $0.path.hasPrefix(name + "/") } }
        for name in present where name != StoredManifest.name && !listed.contains(name) && !isHeld(name) {
            throw .source("\(name) is not in the manifest")
        }
        for file in outputs {
            guard FileManager.default.fileExists(atPath: folder + "/" + file.path) else {
                throw .source("\(file.path) is missing")
            }
            try file.compare(folder + "/" + file.path, as: file.path)
        }
        return "\(outputs.count) files have their digests"
    }

    /// Throws the first line in which two manifests differ, ignoring their audits.
    static func compare(_ stored: String, _ rebuilt: String) throws(DatasetError) {
        let (old, new) = (try split(stored), try split(rebuilt))
        let (found, expected) = (lines(old.content), lines(new.content))
        for number in 0..<max(found.count, expected.count) {
            let (left, right) = (line(found, number), line(expected, number))
            guard left != right else { continue }
            throw .source("\(name): line \(number + 1): found \(left), building again says \(right)")
        }
    }

    private static func lines(_ text: String) -> [Substring] {
        text.split(separator: "\n", omittingEmptySubsequences: false)
    }

    private static func line(_ lines: [Substring], _ number: Int) -> String {
        guard number < lines.count else { return "its end" }
        let text = lines[number].drop { $0 == " " }
        return OrderedJSON.quoted(text.count > 200 ? text.prefix(200) + "…" : String(text))
    }

    /// The text up to the audit, and the audit, which is the last member.
    private static func split(_ folder: String) throws(DatasetError) -> (content: String, audit: String) {
        let text = try text(folder)
        // Only the audit has this name at this indent.
        guard let mark = text.range(of: "\n  \"audit\": ") else {
            throw .damagedSet("\(folder)/\(name): found no last member 'audit', expected one")
        }
        let member = "{" + text[mark.lowerBound...]
        let parsed = try? JSONSerialization.jsonObject(with: Data(member.utf8)) as? [String: Any]
        guard parsed?.count == 1 else {
            throw .damagedSet("\(folder)/\(name): 'audit' is not its last member, or no JSON")
        }
        return (String(text[..<mark.lowerBound]), member)
    }

    /// Stores the result of an audit in the manifest of the dataset in `folder`.
    public static func store(_ report: AuditReport, in folder: String) throws(DatasetError) {
        let content = try split(folder).content
        let audit = OrderedJSON.object([("audit", report.json)]).pretty
        let member =
            audit.hasPrefix("{\n  ")
            ? String(audit.dropFirst(2).dropLast(3)) : "  " + audit.dropFirst().dropLast(2)
        let path = DatasetFiles.resolved(folder + "/" + name)
        do {
            try Data((content + "\n" + member + "\n}\n").utf8).write(
                to: URL(filePath: path),
                options: .atomic
            )
        } catch {
            throw .folder(path: path, reason: error.localizedDescription)
        }
    }
}

extension StoredManifest.File {
    /// Throws unless the file at `path`, called `name`, has the digest.
    fileprivate func compare(_ path: String, as name: String) throws(DatasetError) {
        let found = try FileDigest.of(path, name: name)
        guard found.sha256 == sha256 else {
            throw .source("\(name): found SHA-256 \(found.sha256), expected \(sha256)")
        }
    }
}
