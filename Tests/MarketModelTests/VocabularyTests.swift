import Foundation
import MarketModel
import Testing

@Suite struct `The names of the kinds of data` {
    @Test func `The page's table is the code's`() throws {
        let page = try VocabularyPage()
        #expect(page.kinds == DataKind.all.map(row))
    }

    @Test func `Names of kinds read back as the same kinds`() {
        #expect(DataKind.all.reduce(into: FeedKinds()) { $0.insert($1.feed) } == .all)
        for kind in DataKind.all { #expect(FeedKinds(names: kind.name) == kind.feed) }
        #expect(FeedKinds.all.names == ["book", "trades", "liquidations", "funding", "open_interest"])
        #expect(FeedKinds(names: "open_interest,book") == [.book, .openInterest])
        #expect(FeedKinds(names: "") == [])
        #expect(FeedKinds(names: "book,orderbook") == nil)
    }

    private func row(_ kind: DataKind) -> [String] {
        let lists = [
            [kind.name], [kind.manifestKey], kind.eventTypes, kind.countKeys, [kind.topic],
            [kind.monitorTopic], [kind.folder], [kind.tag], kind.observedColumn.map { [$0] } ?? [],
        ]
        return [".\(inCode(kind.feed))", eventType(kind.event)].map { "`\($0)`" }
            + lists.map { $0.isEmpty ? "–" : $0.map { "`\($0)`" }.joined(separator: ", ") }
    }

    private func inCode(_ feed: FeedKinds) -> String {
        switch feed {
        case .book: "book"
        case .trades: "trades"
        case .liquidations: "liquidations"
        case .fundingRates: "fundingRates"
        case .openInterest: "openInterest"
        default: "no single kind"
        }
    }

    private func eventType(_ event: EventReference.Kind) -> String {
        switch event {
        case .book: "\(BookUpdate.self)"
        case .trade: "\(Trade.self)"
        case .liquidation: "\(Liquidation.self)"
        case .fundingRate: "\(FundingRate.self)"
        case .openInterest: "\(OpenInterest.self)"
        case .status: "\(FeedStatus.self)"
        }
    }
}

/// Reads `docs/VOCABULARY.md`.
private struct VocabularyPage {
    /// The cells of the rows of the table of kinds, without its head.
    let kinds: [[String]]

    init() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "docs/VOCABULARY.md"), encoding: .utf8)
        let sections = text.components(separatedBy: "\n## ")
        let section = try #require(sections.first { $0.hasPrefix("Kinds of data") })
        kinds = section.split(separator: "\n").filter { $0.hasPrefix("|") }.dropFirst(2).map { line in
            line.dropFirst().dropLast().split(separator: "|").map {
                $0.trimmingCharacters(in: .whitespaces)
            }
        }
    }
}
