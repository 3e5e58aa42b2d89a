import CSimdjson
import Exchanges
import MarketModel

extension Work {
    /// Decoding of each venue's frames as they came, then of each kind of message that can be read by itself; and simdjson
    /// on the same frames.
    public static func decoding(_ recordings: [RecordedFrames]) -> [Work] {
        recordings.flatMap { recording in
            sessions(recording)
                + recording.byShape().flatMap { shape, frames in
                    let subject = "\(recording.name) \(shape)"
                    guard let decoding = decoding(frames, subject) else { return [] as [Work] }
                    return [decoding, parsing(frames, subject)] + extracting(frames, shape, subject)
                }
        }
    }

    /// All frames of a recording in their order, each pass a connection of its own.
    private static func sessions(_ recording: RecordedFrames) -> [Work] {
        let parser = simdjson_parser()
        let frames = recording.filter { simdjson_parse(parser, $0, $1) == 0 }
        let subject = "\(recording.name) session"
        var (decoder, batch) = frames.makeDecoder()
        return [
            frames.work("decode", subject, "ours") { frames.decodeSession(&decoder, &batch) },
            parsing(frames, subject),
        ]
    }

    /// Nil where a frame means nothing without those before it.
    private static func decoding(_ frames: RecordedFrames, _ subject: String) -> Work? {
        var (decoder, batch) = frames.makeDecoder()
        guard frames.areReadable(by: &decoder, &batch) else { return nil }
        let isCounted = decoder.sequences.verified + decoder.sequences.broken > 0
        return frames.work("decode", subject, "ours") {
            frames.decode(&decoder, &batch, isCounted: isCounted)
        }
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
        let parser = simdjson_parser()
        guard shape != "tickers", shape != "liquidations", let shape = frames.numbers(parser) else {
            return []
        }
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

extension RecordedFrames {
    fileprivate func makeDecoder() -> (any FrameDecoder, EventBatch) {
        var batch = EventBatch()
        let venue = batch.instruments.venue(of: exchange, market)
        return (exchange.makeDecoder(market: market, venue: venue), batch)
    }

    /// Decodes all frames as those of one connection.
    fileprivate func decodeSession(_ decoder: inout any FrameDecoder, _ batch: inout EventBatch) {
        decoder.connectionReset()
        let bytes = self.bytes.span.bytes
        for range in ranges {
            batch.removeAll()
            _ = decoder.decode(bytes.extracting(range), receiveTime: 0, into: &batch)
        }
    }

    /// The frames that a condition holds for.
    fileprivate func filter(_ isTaken: (UnsafePointer<CChar>, Int) -> Bool) -> RecordedFrames {
        var (taken, position) = (RecordedFrames(name, path, exchange, market), 0)
        forEachText { text, count in
            if isTaken(text, count) { taken.append(frame(position), at: receiveTimes[position]) }
            position += 1
        }
        return taken
    }

    /// Variables as parameters: those that a closure holds are checked at each access, which a replay's are not.
    ///
    /// Where messages are counted each frame is fed as the first of a connection.
    fileprivate func decode(
        _ decoder: inout any FrameDecoder,
        _ batch: inout EventBatch,
        isCounted: Bool
    ) {
        let bytes = self.bytes.span.bytes
        for range in ranges {
            batch.removeAll()
            if isCounted { decoder.connectionReset() }
            let outcome = decoder.decode(bytes.extracting(range), receiveTime: 0, into: &batch)
            precondition(outcome == .decoded, "a frame of \(name) is not decoded")
        }
    }

    /// Whether each frame can be read without those before it, and again.
    fileprivate func areReadable(by decoder: inout any FrameDecoder, _ batch: inout EventBatch) -> Bool {
        let bytes = self.bytes.span.bytes
        for _ in 0..<2 {
            for range in ranges {
                batch.removeAll()
                let outcome = decoder.decode(bytes.extracting(range), receiveTime: 0, into: &batch)
                if outcome != .decoded { return false }
            }
        }
        return true
    }

    /// Whose numbers simdjson takes out of the frames; nil if they have no list of them.
    fileprivate func numbers(_ parser: UnsafeMutableRawPointer?) -> simdjson_shape? {
        let shapes = (0..<simdjson_shape_count.rawValue).map { simdjson_shape(rawValue: $0) }
        return shapes.first { shape in
            var fits = !ranges.isEmpty
            forEachText { text, count in
                if fits { fits = !simdjson_extract(parser, shape, text, count).isNaN }
            }
            return fits
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
