import Foundation
import Testing

/// A reader finds each type by its name alone.
@Suite struct SourceLayoutTests {
    @Test func `No two modules have a type of one name`() throws {
        let modules = Dictionary(grouping: try SourceType.all(), by: \.name).mapValues {
            Set($0.map(\.module))
        }
        let shared = modules.filter { $0.value.count > 1 }
        #expect(shared.map { "\($0.key): \($0.value.sorted())" }.sorted() == [])
    }

    @Test func `Each type is in a file of its name`() throws {
        let strays = try SourceType.all().filter { $0.fileSubject != $0.name }
        #expect(strays.map { "\($0.name) in \($0.path)" }.sorted() == [])
    }
}

/// A top-level type that is not private to its file.
private struct SourceType {
    let name: String
    /// Relative to `Sources`.
    let path: String

    var module: String { path.components(separatedBy: "/")[0] }
    /// The file's name without its aspect (`+Aspect`) and extension.
    var fileSubject: String {
        URL(filePath: path).deletingPathExtension().lastPathComponent.components(separatedBy: "+")[0]
    }

    static func all() throws -> [SourceType] {
        let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources")
        let walk = try #require(FileManager.default.enumerator(atPath: sources.path()))
        let paths = walk.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }
        try #require(paths.count > 400, "found \(paths.count) sources")
        return try paths.flatMap { path in
            let text = try String(contentsOf: sources.appending(path: path), encoding: .utf8)
            return text.split(separator: "\n").compactMap(declaredName).map {
                SourceType(name: $0, path: path)
            }
        }
    }

    /// The type that an unindented line declares, unless it is private.
    private static func declaredName(_ line: Substring) -> String? {
        guard let first = line.first, first.isLetter || first == "@" else { return nil }
        let words = line.split { $0 == " " || $0 == ":" || $0 == "<" }.map(String.init)
        guard let keyword = words.firstIndex(where: keywords.contains), keyword + 1 < words.count else {
            return nil
        }
        let modifiers = words[..<keyword]
        guard modifiers.allSatisfy({ $0.hasPrefix("@") || allowed.contains($0) }) else { return nil }
        return words[keyword + 1]
    }

    private static let keywords: Set = ["struct", "class", "enum", "protocol", "actor"]
    private static let allowed: Set = ["public", "package", "internal", "open", "final", "indirect"]
}
