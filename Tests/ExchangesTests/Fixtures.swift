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
        let parts = exchange.split(separator: "-").map(\.capitalized)
        let folders = [parts.joined(), parts[0]].map {
            root.appending(path: "Sources/Exchanges/\($0)/Fixtures")
        }
        // A folder may be two exchanges.
        return folders.first { FileManager.default.fileExists(atPath: $0.path()) } ?? folders[0]
    }
}
