import Foundation
import MarketModel
import Synchronizer
import Testing

@testable import Features

/// Every feature against an independent computation with numpy (`ATELIER_PYTHON`).
@Suite(.enabled(if: ProcessInfo.processInfo.environment["ATELIER_PYTHON"] != nil)) struct NumpyTests {
    private static let names =
        ["aggregate-extended", "microstructure", "book:5"]
        + ["realized_volatility_4", "vpin_4", "kyle_lambda_4"]

    @Test(arguments: [Market.linear, .inverse]) func featuresAreThoseOfNumpy(market: Market) throws {
        var random = RandomRows(seed: market == .linear ? 21 : 22)
        let rows = (1...1500).map { random.next(ts: Int64($0) * 100_000_000) }
        var evaluator = try FeatureEvaluator(names: NumpyTests.names)
        var builder = AggregateBuilder()
        var (values, isPresent): ([Double], [Bool]) = ([], [])
        let expected = try numpy(rows, market)
        for (index, row) in rows.enumerated() {
            let aggregate = builder.aggregate(row, market: market)
            evaluator.evaluate(row, aggregate, market: market, values: &values, isPresent: &isPresent)
            for (column, info) in evaluator.columns.enumerated() {
                guard let series = expected[info.name] else {
                    if index == 0, !unwritten.contains(info.name) {
                        Issue.record("\(info.name) is not in numpy")
                    }
                    continue
                }
                let found = isPresent[column] ? values[column] : nil
                #expect(
                    isNear(found, series[index], info.name),
                    "row \(index), \(info.name): \(String(describing: found)), \(String(describing: series[index]))"
                )
            }
        }
    }

    /// The scalars of liquidations, funding and interest have tests of their own.
    private let unwritten = Set(
        MarketAggregate.Scalar.names.filter { !$0.hasPrefix("ob_") && !$0.hasPrefix("trade_") }
    )
    .union(["funding_age_ms"])

    private func isNear(_ found: Double?, _ expected: Double?, _ name: String) -> Bool {
        guard let found, let expected else { return found == nil && expected == nil }
        // Slopes and logarithms lose digits to cancellation; the rest takes few operations.
        let tolerance = name.hasPrefix("kyle") || name.hasPrefix("realized") ? 1e-8 : 1e-11
        // The log return of an unchanged price is 0 or within one rounding of it.
        let floor = name.hasPrefix("realized") ? 1e-6 : 1e-9
        return abs(found - expected) <= tolerance * max(abs(found), abs(expected), floor)
    }

    private func numpy(_ rows: [MarketSnapshot], _ market: Market) throws -> [String: [Double?]] {
        let side = { (levels: [PriceLevel]) in levels.map { [$0.price.description, $0.size.description] } }
        let input: [[String: Any]] = rows.map { row in
            var fields: [String: Any] = ["observed": row.quality.observed.contains(.trades)]
            fields["trades"] = row.trades.map {
                [$0.side.description, $0.price.description, $0.size.description]
            }
            if let book = row.orderbook {
                fields["book"] = ["bids": side(book.bids), "asks": side(book.asks)]
                fields["crossed"] = book.isCrossed
            }
            if let age = row.bookAge { fields["book_age"] = age }
            if let age = row.interestAge { fields["interest_age"] = age }
            return fields
        }
        let folder = FileManager.default.temporaryDirectory.appending(path: "features-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (source, target) = (folder.appending(path: "rows.json"), folder.appending(path: "features.json"))
        let document: [String: Any] = ["market": market.rawValue, "rows": input]
        try JSONSerialization.data(withJSONObject: document).write(to: source)
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "features.py")
        let process = Process()
        process.executableURL = URL(filePath: ProcessInfo.processInfo.environment["ATELIER_PYTHON"] ?? "")
        process.arguments = [script.path(), source.path(), target.path()]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        let result = try JSONSerialization.jsonObject(with: Data(contentsOf: target))
        let columns = try #require(result as? [String: [Any]])
        return columns.mapValues { $0.map { ($0 as? NSNumber)?.doubleValue } }
    }
}
