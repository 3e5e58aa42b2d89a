import MarketModel
import Testing

@testable import Synchronizer

/// What was observed; periods of 100.
@Suite struct FeedCoverageTests {
    /// `t150` trades live on connection 0 and `-t150` no longer, `T150` on connection 1, `g150` the book gapped
    /// and `-g150` no longer, `=200` the row up to 200.
    private func rows(_ text: String) -> String {
        var (coverage, quality, lines) = (FeedCoverage(), RowQuality(), [String]())
        for word in text.split(separator: " ") {
            let isEnd = word.first == "-"
            let token = isEnd ? word.dropFirst() : word
            let time = Int64(token.dropFirst()) ?? 0
            switch token.first {
            case "g": coverage.setBookGapped(!isEnd, at: time)
            case "=":
                coverage.judge(time - 100, time, into: &quality)
                let words = [quality.observed.contains(.trades) ? "T" : "-"] + (quality.gap ? ["gap"] : [])
                lines.append(([String(time)] + words).joined(separator: " "))
            default:
                let connection: Int32 = token.first == "T" ? 1 : 0
                if isEnd {
                    coverage.end(.trades, on: connection, at: time)
                } else {
                    coverage.begin(.trades, on: connection, at: time)
                }
            }
        }
        return lines.joined(separator: "\n")
    }

    @Test func aPeriodIsObservedIfItsFeedWasLiveThroughout() {
        #expect(rows("=100 t100 =200 -t250 =300 t300 =400") == "100 -\n200 T\n300 - gap\n400 T")
        #expect(rows("t150 =200 =300") == "200 - gap\n300 T")
    }

    @Test func aSecondConnectionKeepsAFeedLive() {
        #expect(rows("t100 T150 -t180 =200 =300 -T350 =400") == "200 T\n300 T\n400 - gap")
    }

    @Test func aGappedBookMarksTheRowsItTouches() {
        #expect(rows("t100 g150 =200 =300 -g310 =400 =500") == "200 T gap\n300 T gap\n400 T gap\n500 T")
    }
}
