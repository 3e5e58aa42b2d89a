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
        sort()
        let writer = try RecordingWriter(
            output,
            session: facts,
            compression: compression,
            chunkSize: chunkSize
        )
        let numbers = try addChannels(writer)
        var frame = ByteBuffer()
        for (index, entry) in entries.enumerated() {
            if index & 0xffff == 0 { progress(index) }
            frame.removeAll()
            do {
                try store.read(at: entry.offset, count: Int(entry.length), appendingTo: &frame)
            } catch {
                throw .file(error.description)
            }
            guard let number = numbers[Int(entry.connection)][entry.direction] else { continue }
            try writer.write(frame.bytes, on: number, at: entry.time)
        }
        try writer.finish(reason: "imported", details: counts)
    }

    private func sort() {
        let isSorted = zip(entries, entries.dropFirst()).allSatisfy { $0.time <= $1.time }
        guard !isSorted else { return }
        entries.sort { ($0.time, $0.order) < ($1.time, $1.order) }
    }

    private var facts: SessionFacts {
        var details = [(key: "source", value: "import")]
        details.append((key: "formats", value: formats.map(\.rawValue).joined(separator: ",")))
        for format in formats {
            if let text = format.shortcomings {
                details.append((key: "\(format.rawValue)_lacks", value: text))
            }
        }
        return SessionFacts(start: entries.first?.time ?? 0, details: details)
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
        for (place, connection) in connections.enumerated() {
            guard let market = connection.market else {
                throw .unknownMarket(connection: connection.name, exchange: rules.exchange)
            }
            var own: [FrameDirection: RecordingWriter.ChannelNumber] = [:]
            for direction in FrameDirection.allCases where connection.directions.contains(direction) {
                var channel = FrameChannel(
                    exchange: rules.exchange,
                    market: market.rawValue,
                    slot: "c\(place)",
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
