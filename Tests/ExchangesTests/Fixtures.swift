import Foundation

/// The frames beside each venue's code: in its own shapes, small enough to read, with invented numbers.
enum Fixtures {
    static let bybit = of("bybit")

    /// One frame a line of `frames.jsonl`.
    static func of(_ exchange: String) -> [String] {
        let text = try? String(
            contentsOf: folder(of: exchange).appending(path: "frames.jsonl"),
            encoding: .utf8
        )
        return text?.split(separator: "\n").map(String.init) ?? []
    }

    /// The folder of a venue, in the nearest `Sources/Exchanges` above this file: the fuzzers link it elsewhere.
    static func folder(of exchange: String) -> URL {
        var root = URL(filePath: #filePath)
        repeat {
            root.deleteLastPathComponent()
        } while root.pathComponents.count > 1
            && !FileManager.default.fileExists(atPath: root.appending(path: "Sources/Exchanges").path())
        let exchanges = root.appending(path: "Sources/Exchanges")
        let folders = (try? FileManager.default.contentsOfDirectory(atPath: exchanges.path())) ?? []
        let parts = exchange.split(separator: "-").map(String.init)
        // A folder may be two exchanges.
        let found = [parts.joined(), parts[0]].compactMap { name in
            folders.first { $0.lowercased() == name }
        }
        return exchanges.appending(path: "\(found.first ?? exchange)/Fixtures")
    }
}
