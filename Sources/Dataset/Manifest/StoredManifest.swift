import Foundation

/// What a stored `manifest.json` says, as far as checking it needs it.
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
    /// What made the dataset.
    public var code: String
    /// The recordings.
    public var inputs: [File]
    /// The dataset's files, the manifest aside.
    public var outputs: [File]

    /// Reads the manifest of the dataset in `folder`.
    public static func read(_ folder: String) throws(DatasetError) -> StoredManifest {
        let path = folder + "/manifest.json"
        do {
            let manifest = try JSONDecoder().decode(
                Self.self,
                from: try Data(contentsOf: URL(filePath: path))
            )
            guard manifest.format == "atelier-dataset" else {
                throw DatasetError.source(
                    "\(path): format: found '\(manifest.format)', expected 'atelier-dataset'"
                )
            }
            return manifest
        } catch let error as DatasetError {
            throw error
        } catch let error as DecodingError {
            throw .source("\(path): not a manifest of this version: \(error)")
        } catch {
            throw .source("\(path): \(error.localizedDescription) (name the folder of a dataset)")
        }
    }

    /// Puts the result of an audit into the manifest of the dataset in `folder`.
    public static func store(_ report: AuditReport, in folder: String) throws(DatasetError) {
        let path = folder + "/manifest.json"
        do {
            let text = try String(contentsOf: URL(filePath: path), encoding: .utf8)
            // The audit is the last member, and the only one of that name at this indent.
            guard let mark = text.range(of: "\n  \"audit\": ") else {
                throw DatasetError.source("\(path): found no member 'audit', expected one")
            }
            let audit = JSONText.object([("audit", report.json)]).pretty
            let member =
                audit.hasPrefix("{\n  ")
                ? String(audit.dropFirst(2).dropLast(3)) : "  " + audit.dropFirst().dropLast(2)
            let changed = text[..<mark.lowerBound] + "\n" + member + "\n}\n"
            try Data(changed.utf8).write(to: URL(filePath: path), options: .atomic)
        } catch let error as DatasetError {
            throw error
        } catch {
            throw .source("\(path): \(error.localizedDescription)")
        }
    }
}
