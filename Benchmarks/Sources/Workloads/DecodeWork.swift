import CSimdjson
import Exchanges
import MarketModel

extension Work {
    /// Decoding of each venue's kinds of message, and simdjson on the same frames.
    public static func decoding(_ recordings: [RecordedFrames]) -> [Work] {
        recordings.flatMap { recording in
            recording.byShape().flatMap { shape, frames in
                let subject = "\(recording.name) \(shape)"
                return [decoding(frames, subject), parsing(frames, subject)]
                    + extracting(frames, shape, subject)
            }
        }
    }

    private static func decoding(_ frames: RecordedFrames, _ subject: String) -> Work {
        var batch = EventBatch()
        let venue = batch.instruments.venue(exchange: frames.exchange.name, market: frames.market)
        var decoder = frames.exchange.makeDecoder(market: frames.market, venue: venue)
        return frames.work("decode", subject, "ours") { frames.decode(&decoder, &batch) }
    }

    private static func parsing(_ frames: RecordedFrames, _ subject: String) -> Work {
        let parser = simdjson_parser()
        return frames.work("decode", subject, "simdjson parse") {
            frames.forEachText { text, count in
                precondition(
                    simdjson_parse(parser, text, count) == 0,
                    "simdjson refuses a frame of \(subject)"
                )
            }
        }
    }

    private static func extracting(_ frames: RecordedFrames, _ shape: String, _ subject: String) -> [Work] {
        guard let shape = numbers(of: shape, on: frames.exchange.name) else { return [] }
        let parser = simdjson_parser()
        return [
            frames.work("decode", subject, "simdjson extract") {
                frames.forEachText { text, count in
                    let sum = simdjson_extract(parser, shape, text, count)
                    precondition(!sum.isNaN, "simdjson finds no levels in a frame of \(subject)")
                }
            }
        ]
    }
}

/// Whose numbers simdjson takes out of frames of a shape; nil for shapes without a list of them.
private func numbers(of shape: String, on exchange: String) -> simdjson_shape? {
    switch (exchange, shape) {
    case ("bybit", "book"): simdjson_bybit_book
    case ("bybit", "trades"): simdjson_bybit_trades
    case ("coinbase", "book"), ("coinbase", "whole book"): simdjson_coinbase_book
    case ("coinbase", "trades"): simdjson_coinbase_trades
    case ("kraken", "book"): simdjson_kraken_book
    case ("kraken", "trades"): simdjson_kraken_trades
    default: nil
    }
}

extension RecordedFrames {
    /// Variables as parameters: those that a closure holds are checked at each access, which a replay's are not.
    fileprivate func decode(_ decoder: inout any FrameDecoder, _ batch: inout EventBatch) {
        // A venue that counts its connection's messages is fed each frame as the first of a connection.
        let isCounted = exchange.name == "coinbase"
        let bytes = self.bytes.span.bytes
        for range in ranges {
            batch.removeAll()
            if isCounted { decoder.connectionReset() }
            let outcome = decoder.decode(bytes.extracting(range), receiveTime: 0, into: &batch)
            precondition(outcome == .decoded, "a frame of \(name) is not decoded")
        }
    }

    fileprivate func work(
        _ kind: String,
        _ subject: String,
        _ side: String,
        _ pass: @escaping () -> Void
    ) -> Work {
        Work(kind, of: subject, by: side, unit: "frame", units: ranges.count, bytes: frameBytes, pass: pass)
    }

    fileprivate func forEachText(_ body: (UnsafePointer<CChar>, Int) -> Void) {
        bytes.withUnsafeBytes { all in
            guard let base = all.baseAddress?.assumingMemoryBound(to: CChar.self) else { return }
            for range in ranges { body(base + range.lowerBound, range.count) }
        }
    }
}
