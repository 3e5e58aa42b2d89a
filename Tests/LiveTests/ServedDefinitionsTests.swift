import ByteCoding
import Exchanges
import Foundation
import MarketModel
import Recording
import Testing

@testable import FakeExchange

/// How a recording's REST replies are served, by the requests they answered.
@Suite struct ServedDefinitionsTests {
    private static let first = "/v5/market/instruments-info?category=linear&limit=1000"
    private static let second = "/v5/market/instruments-info?category=linear&status=PreLaunch&limit=1000"

    private static func page(_ symbol: String, next: String = "") -> String {
        #"{"retCode":0,"result":{"list":[{"symbol":"\#(symbol)","priceFilter":{"tickSize":"1"}}],"nextPageCursor":"\#(next)"}}"#
    }

    private static let failed = StatusRecord(.rejected, reason: "503", code: 503, topic: "definitions")

    /// The definitions of a recording that holds these replies and statuses in this order.
    private func served(_ records: [(text: String?, status: StatusRecord?)]) throws -> ServedDefinitions {
        let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let output = ByteOutput()
        let writer = try RecordingWriter(output, session: SessionFacts(start: 1))
        var replies = FrameChannel(exchange: "bybit", market: "linear", slot: "c0", direction: .http)
        replies.subscriptions = "GET \(Self.first) GET \(Self.second)"
        let http = try writer.add(replies)
        let status = try writer.add(
            FrameChannel(exchange: "bybit", market: "linear", slot: "c0", direction: .status)
        )
        for (index, record) in records.enumerated() {
            let text = record.text ?? record.status?.json ?? ""
            try writer.write(
                Array(text.utf8).span.bytes,
                on: record.text == nil ? status : http,
                at: Int64(index)
            )
        }
        try writer.finish(reason: "test")
        try Data(output.takeBytes()).write(to: URL(filePath: path))
        return try ServedDefinitions(path: path, exchange: "bybit", market: "linear")
    }

    private func text(_ served: ServedDefinitions, _ path: String) -> String? {
        served.reply(to: path).map { String(decoding: $0, as: UTF8.self) }
    }

    private static let whole: [(text: String?, status: StatusRecord?)] = [
        (page("A", next: "x"), nil), (page("B"), nil), (page("C"), nil),
    ]

    private func checkWhole(_ served: ServedDefinitions, _ note: Comment) {
        #expect(served.bodies.count == 3, note)
        #expect(text(served, Self.first) == Self.page("A", next: "x"), note)
        #expect(text(served, Self.first + "&cursor=x") == Self.page("B"), note)
        #expect(text(served, Self.second) == Self.page("C"), note)
    }

    @Test func `a round that failed and was tried again is served as the one that succeeded`() throws {
        let whole = Self.whole
        let mark: (text: String?, status: StatusRecord?) = (nil, Self.failed)
        checkWhole(try served(whole), "at once")
        for count in 0..<3 {
            checkWhole(try served(whole.prefix(count) + [mark] + whole), "failed after \(count)")
            checkWhole(
                try served(whole.prefix(count) + [mark] + whole.prefix(2) + [mark] + whole),
                "failed after \(count), and again"
            )
        }
    }

    @Test func `a reply that cannot be read answers no request`() throws {
        let whole = Self.whole
        let refused = (
            text: #"{"retCode":10006,"retMsg":"Too many visits!"}"# as String?, status: StatusRecord?.none
        )
        let mark: (text: String?, status: StatusRecord?) = (nil, Self.failed)
        for count in 0..<3 {
            checkWhole(try served(whole.prefix(count) + [refused, mark] + whole), "marked, after \(count)")
            checkWhole(try served(whole.prefix(count) + [refused] + whole), "not marked, after \(count)")
        }
    }

    @Test func `where no round is whole the one with the most is served`() throws {
        let whole = Self.whole
        let mark: (text: String?, status: StatusRecord?) = (nil, Self.failed)
        let served = try served(whole.prefix(1) + [mark] + whole.prefix(2) + [mark] + whole.prefix(1))
        #expect(served.bodies.count == 2)
        #expect(text(served, Self.first + "&cursor=x") == Self.page("B"))
        #expect(text(served, Self.second) == nil)
    }

    @Test func `rejections of something else end no round`() throws {
        let other: (text: String?, status: StatusRecord?) = (
            nil, StatusRecord(.rejected, topic: "orderbook.50.X")
        )
        let whole = Self.whole
        checkWhole(try served([whole[0], other, whole[1], other, whole[2]]), "")
    }
}
