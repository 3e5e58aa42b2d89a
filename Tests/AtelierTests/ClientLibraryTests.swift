import Foundation
import Testing

/// A client library that many use, pointed at `serve`: what it takes for an exchange is one.
@Suite("A real client library", .enabled(if: Python.hasClientLibrary), .timeLimit(.minutes(5)))
struct ClientLibraryTests {
    @Test(
        "ccxt subscribes, follows the book by its own rules and takes the trades",
        arguments: [("bybit", "bybit/linear"), ("kraken", "kraken"), ("coinbase", "coinbase")]
    )
    func ccxt(venue: String, simulated: String) throws {
        let folder = try Scratch()
        let depth = venue == "kraken" ? "10" : "50"
        let server = try RunningProcess(
            AtelierProcess.binary,
            ["serve", "--simulate", simulated, "--speed", "20x", "--depth", depth],
            in: folder
        )
        let port = try server.first { line in line.split(separator: ":").last.flatMap { Int($0.dropLast()) } }
        let python = try #require(Python.withPackages)
        let client = try RunningProcess(
            python,
            [Python.script("ccxt_client.py"), venue, String(port)],
            in: folder
        )
        #expect(client.wait() == 0, "\(client.errors)")
        let seen = try JSONSerialization.jsonObject(with: Data(client.output.utf8)) as? [String: Int]
        #expect(try #require(seen?["books"]) >= 200)
        #expect(try #require(seen?["trades"]) >= 20)
    }
}
