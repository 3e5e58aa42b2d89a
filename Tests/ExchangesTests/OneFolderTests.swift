import Exchanges
import Foundation
import Testing

/// What the product knows of a venue lies in the venue's folder.
struct OneFolderTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        .standardized

    /// The files of a folder, without links and hidden folders.
    private static func files(of folder: String) -> [String] {
        let walk = FileManager.default.enumerator(
            at: root.appending(path: folder),
            includingPropertiesForKeys: [.isRegularFileKey],
            options: [.skipsHiddenFiles]
        )
        return (walk?.compactMap { $0 as? URL } ?? [])
            .filter { (try? $0.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile) == true }
            .map { String($0.standardized.path().dropFirst(root.path().count)) }
            .filter { !$0.contains("__pycache__") }
    }

    private static func mayName(_ exchange: String, _ path: String) -> Bool {
        // A folder may be two exchanges, of which one has the name of both.
        ["\(exchange.split(separator: "-")[0])", "exchangecatalog.swift", "adding.md"].contains {
            path.lowercased().hasPrefix("sources/exchanges/\($0)")
        }
    }

    @Test(arguments: ["Sources", "Fuzz", "Benchmarks"])
    func `no file outside its folder names an exchange`(_ folder: String) throws {
        let files = Self.files(of: folder)
        #expect(files.count > 5, "the folder is not found")
        var found: [String] = []
        for path in files {
            let text = String(decoding: try Data(contentsOf: Self.root.appending(path: path)), as: UTF8.self)
            for exchange in ExchangeCatalog.standard.all.map(\.name) where !Self.mayName(exchange, path) {
                for (number, line) in text.lowercased().split(
                    separator: "\n",
                    omittingEmptySubsequences: false
                )
                .enumerated() where line.contains(exchange) {
                    found.append("\(path):\(number + 1): \(line)")
                }
            }
        }
        #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
    }
}
