import Foundation
import MarketModel
import Report
import Testing

#if canImport(FoundationXML)
import FoundationXML
#endif

/// The result of a strict XML parser on a page.
final class ParsedPage: NSObject, XMLParserDelegate {
    private(set) var text = ""
    private(set) var elements: [String] = []
    private(set) var attributes: [String] = []

    /// Nil if the page is not well-formed.
    init?(_ page: String) {
        super.init()
        let parser = XMLParser(data: Data(page.utf8))
        parser.delegate = self
        guard parser.parse() else { return nil }
    }

    func parser(
        _ parser: XMLParser,
        didStartElement name: String,
        namespaceURI: String?,
        qualifiedName: String?,
        attributes: [String: String] = [:]
    ) {
        elements.append(name)
        self.attributes += attributes.map { "\($0.key)=\($0.value)" }
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
}

/// Pages of made-up content.
struct ReportPageTests {
    /// A symbol that would close its element, run a script and hide itself.
    private static let hostile = "\"'><script>alert(1)</script>&amp;\u{0}\u{1b}[2J\u{202e}\u{fffe}]]>"

    private static func content(naming name: String) -> ReportContent {
        var content = ReportContent()
        content.title = name
        content.losses = [name]
        content.notes = [name]
        content.headlines = [.init(name, 5)]
        content.counters = [.init(name, [.init(name, 2), .init(name, 3)], total: .init(name, 6))]
        content.unknownSamples = [name]
        content.commands = [name]
        (content.digest, content.contentDigest, content.version) = (name, name, name)
        content.span = (1_000_000_000, 9_000_000_000)
        content.chartLimit = 3
        content.lateness.count = 4
        content.lateness.cumulative = [(1000, 1), (10_000, 4)]
        content.lateness.suggestion = name
        var file = RecordingFacts(name: name)
        (file.state, file.compression, file.channels) = (name, name, [.init(name, 1)])
        content.recordings = [file]
        content.frames = frames
        content.gaps = EventList(limit: 1)
        content.statuses = EventList(limit: 1)
        for _ in 0..<3 {
            let event = SessionEvent(time: 5, end: 7, what: name, subject: name, detail: name)
            content.gaps.add(event)
            content.statuses.add(event)
        }
        content.instruments = [instrument(name, isCharted: true), instrument(name, isCharted: false)]
        return content
    }

    private static var frames: FrameTally {
        var frames = FrameTally(limit: 600)
        for time in stride(from: Int64(1_000_000_000), to: 9_000_000_000, by: 77_000_000) {
            frames.add(at: time)
        }
        frames.addBreak(at: 5_000_000_000)
        return frames
    }

    private static func instrument(_ name: String, isCharted: Bool) -> InstrumentFacts {
        let series = TimeSeries<RowBucket>(width: 100_000_000, limit: 600)
        var tally = InstrumentTally(series: isCharted ? series : nil)
        for row in Int64(10)...90 {
            let hasBook = !(40...50).contains(row)
            tally.add(
                ReportedRow(
                    ts: row * 100_000_000,
                    mid: hasBook ? 100 + Double(row) / 7 : nil,
                    spread: hasBook ? 0.1 : nil,
                    imbalance: hasBook ? Double(row % 3) - 1 : nil,
                    volume: Double(row % 5),
                    bookAge: hasBook ? row * 1_000_000 : nil,
                    observed: .all,
                    isSynced: hasBook,
                    gap: !hasBook,
                    partial: row == 90
                )
            )
        }
        var facts = InstrumentFacts(name: name, tally: tally)
        facts.bookState = name
        facts.bestBid = (name, name)
        facts.bestAsk = (name, name)
        return facts
    }

    @Test func `a hostile name is text wherever it stands`() throws {
        let page = ReportPage(ReportPageTests.content(naming: Self.hostile)).text
        let parsed = try #require(ParsedPage(page), "not well-formed")
        #expect(!parsed.elements.contains("script"))
        #expect(!page.contains("<script"))
        let shown = "\"'><script>alert(1)</script>&amp;\\u{0}\\u{1b}[2J\\u{202e}\\u{fffe}]]>"
        #expect(parsed.text.components(separatedBy: shown).count > 30)
        #expect(page.unicodeScalars.allSatisfy { $0.value >= 0x20 || $0 == "\n" })
    }

    @Test func `a page needs nothing from elsewhere`() throws {
        let page = ReportPage(ReportPageTests.content(naming: "name")).text
        let parsed = try #require(ParsedPage(page))
        for element in ["script", "link", "img", "iframe", "object", "image", "use", "a"] {
            #expect(!parsed.elements.contains(element))
        }
        for attribute in parsed.attributes {
            #expect(
                !attribute.contains("://") || attribute.hasPrefix("xmlns=http://www.w3.org/"),
                "\(attribute)"
            )
        }
        for reference in ["url(", "@import", "src="] { #expect(!page.contains(reference)) }
    }

    @Test func `a style sheet reads the same in HTML, which does not expand entities in it`() throws {
        let page = ReportPage(ReportContent()).text
        let sheet = try #require(
            page.components(separatedBy: "<style>").last?.components(separatedBy: "</style>").first
        )
        #expect(!sheet.contains("&"))
        #expect(sheet.contains("prefers-color-scheme: dark"))
        #expect(sheet.contains("@media print"))
    }

    @Test func `an empty page is a page`() throws {
        let page = ReportPage(ReportContent()).text
        let parsed = try #require(ParsedPage(page))
        #expect(parsed.text.contains("No frames"))
        #expect(!parsed.elements.contains("svg"))
    }

    @Test func `sums that do not add up say so`() throws {
        let parsed = try #require(ParsedPage(ReportPage(ReportPageTests.content(naming: "x")).text))
        #expect(parsed.text.contains("does not add up: the parts are 5"))
    }

    @Test func `what a list has no room for is counted`() throws {
        let parsed = try #require(ParsedPage(ReportPage(ReportPageTests.content(naming: "x")).text))
        #expect(parsed.text.contains("In all 3 × x."))
        #expect(parsed.text.contains("… and 2 more, later in the log."))
        #expect(parsed.text.contains("1 more have rows"))
    }

    @Test(arguments: UInt64(1)...60)
    func `any series draws within its frame`(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var tally = InstrumentTally(series: TimeSeries(width: 1_000, limit: 64))
        let scale = [1e-300, 1e-12, 1, 1e9, 1e18, 1e300][Int(seed % 6)]
        var time = Int64.random(in: -1000...9_000_000_000_000_000_000, using: &random)
        for _ in 0..<100 {
            time += Int64.random(in: 0...(1 << Int64.random(in: 0...50, using: &random)), using: &random)
            let value = { Double.random(in: -1...1, using: &random) * scale }
            tally.add(
                ReportedRow(
                    ts: time,
                    mid: value(),
                    spread: seed % 4 == 0 ? scale : value(),
                    imbalance: value() / scale,
                    volume: value().magnitude,
                    bookAge: Int64.random(in: 0...(.max), using: &random),
                    observed: .all,
                    isSynced: true,
                    gap: Bool.random(using: &random),
                    partial: false
                )
            )
        }
        var content = ReportContent()
        content.instruments = [InstrumentFacts(name: "x", tally: tally)]
        content.isOnGrid = seed % 2 == 0
        let page = ReportPage(content).text
        let parsed = try #require(ParsedPage(page), "seed \(seed)")
        #expect(parsed.elements.count { $0 == "svg" } == 5)
        for outline in parsed.attributes where outline.hasPrefix("d=") {
            #expect(!outline.contains("nan") && !outline.contains("inf"), "seed \(seed)")
            let numbers = outline.dropFirst(2).split { !($0.isNumber || $0 == "." || $0 == "-") }
            for number in numbers {
                #expect((-961...961).contains(try #require(Double(number))), "seed \(seed): \(outline)")
            }
        }
    }
}
