public import ByteCoding
import MarketModel

extension ImportSession {
    /// Writes what was taken as one recording: sorted by receive time, ties as they came.
    ///
    /// The same input gives the same bytes: no path, host or clock goes in.
    ///
    /// - Throws: ``RecordingError`` if no time is known, a market is not told, or the output fails.
    public func write(
        to output: ByteOutput,
        compression: RecordingWriter.Compression,
        chunkSize: Int = 1 << 20,
        progress: (Int) -> Void = { _ in }
    ) throws(RecordingError) {
        if hasNoTimes { throw .noTimes(path: "import") }
        let writer = try RecordingWriter(
            output,
            session: facts,
            compression: compression,
            chunkSize: chunkSize
        )
        let numbers = try addChannels(writer)
        let frames = frames
        var done = 0
        do {
            while try frames.advance() {
                if done & 0xffff == 0 { progress(done) }
                done += 1
                let (place, direction) = ImportedFrame.head(frames.bytes)
                guard let number = numbers[place][direction] else { continue }
                let time = Int64(clamping: frames.key)
                try writer.write(ImportedFrame.bytes(frames.bytes), on: number, at: time)
            }
        } catch let error as RecordingError {
            throw error
        } catch {
            throw .file("\(error)")
        }
        try writer.finish(reason: "imported", details: counts)
    }

    private var facts: SessionFacts {
        var details = [(key: "source", value: "import")]
        details.append((key: "formats", value: formats.map(\.rawValue).joined(separator: ",")))
        for format in formats {
            if let text = format.shortcomings {
                details.append((key: "\(format.rawValue)_lacks", value: text))
            }
        }
        return SessionFacts(start: Int64(clamping: frames.least ?? 0), details: details)
    }

    private var counts: [(key: String, value: String)] {
        var details = [(key: "lines_left_out", value: String(problemCount))]
        if replacedCharacters > 0 {
            details.append((key: "characters_replaced", value: String(replacedCharacters)))
        }
        return details
    }

    private func addChannels(
        _ writer: RecordingWriter
    ) throws(RecordingError) -> [[FrameDirection: RecordingWriter.ChannelNumber]] {
        var numbers: [[FrameDirection: RecordingWriter.ChannelNumber]] = []
        var slots = 0
        for connection in connections {
            if connection.isTopic {
                let channel = FrameChannel(topic: connection.name)
                let number = try writer.add(channel)
                numbers.append(Dictionary(uniqueKeysWithValues: connection.directions.map { ($0, number) }))
                continue
            }
            guard let market = connection.market else {
                throw .unknownMarket(connection: connection.name, exchange: rules.exchange)
            }
            defer { slots += 1 }
            var own: [FrameDirection: RecordingWriter.ChannelNumber] = [:]
            for direction in FrameDirection.allCases where connection.directions.contains(direction) {
                var channel = FrameChannel(
                    exchange: rules.exchange,
                    market: market.rawValue,
                    slot: "c\(slots)",
                    direction: direction
                )
                channel.protocolID = rules.protocolID
                channel.endpoint = connection.endpoint
                channel.connection = connection.isNamed ? connection.name : ""
                if direction == .received { channel.subscribedKinds = subscribed }
                own[direction] = try writer.add(channel)
            }
            numbers.append(own)
        }
        return numbers
    }
}
