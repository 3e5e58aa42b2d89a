import ByteCoding
import Exchanges
import MarketModel
import Synchronizer

/// What a replay's state depends on beside the recordings, as one line of text.
enum KeyframePlan {
    /// Raised whenever a part of the state means something else, or is written otherwise: keyframes of another number
    /// are not used.
    static let streamState = 1

    static func text(_ options: ReplayOptions) -> String {
        let rows = options.synchronizer
        var fields = [
            "clock=\(rows.clock.rawValue)", "period=\(rows.period)", "basis=\(rows.timeBasis.rawValue)",
            "hold-back=\(rows.watermarkDelay)", "max-gap-fill=\(rows.maxGapFill)", "depth=\(rows.depth)",
            "scope=\(rows.scope.rawValue)", "sampling=\(rows.sampling.rawValue)",
        ]
        switch rows.bars {
        case .tick(let count): fields.append("bars=tick:\(count)")
        case .volume(let threshold): fields.append("bars=volume:\(threshold.description)")
        case .notional(let threshold): fields.append("bars=notional:\(threshold.description)")
        case nil: break
        }
        if case .times(let times) = rows.ticks {
            let lines = times.map { "\($0)\n" }.joined()
            fields.append("ticks=\(Hexadecimal.text(SHA256.digest(of: lines)))")
        }
        let names = options.catalog.all.map(\.name)
        if names != ExchangeCatalog.standard.all.map(\.name) {
            fields.append("exchanges=\(names.joined(separator: ","))")
        }
        return fields.joined(separator: " ")
    }
}
