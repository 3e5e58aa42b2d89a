public import ByteCoding
import MarketModel

extension ImportSession {
    /// Writes all frames as one recording, sorted by receive time, ties in input order.
    ///
    /// The same input gives the same bytes: no path, host or clock is included.
    /// - Throws: ``RecordingError`` if no time is known, a market is unknown, or the output fails.
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
                let (index, channel) = ImportedFrame.head(frames.bytes)
                let number = numbers[index][channel]
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
        var details = [(key: SessionIdentity.Key.source, value: "import")]
        details += predecessor?.facts ?? [(key: SessionIdentity.Key.id, value: identity)]
        details.append((key: "formats", value: formats.map(\.rawValue).joined(separator: ",")))
        for format in formats {
            if let text = format.shortcomings {
                details.append((key: "\(format.rawValue)_lacks", value: text))
            }
        }
        let start = predecessor?.session.start ?? Int64(clamping: frames.least ?? 0)
        return SessionFacts(start: start, details: details)
    }

    /// Distinguishes imports that start at the same instant: a checksum over counts of their contents.
    private var identity: String {
        let names = connections.map { "\($0.name)/\($0.market?.rawValue ?? "")" }.joined(separator: "\n")
        let text = "\(rules.exchange)\n\(count) \(frameBytes) \(frames.least ?? 0)\n\(names)"
        var checksum = CRC32()
        checksum.update(Array(text.utf8).span.bytes)
        return String(checksum.value, radix: 16)
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
    ) throws(RecordingError) -> [[RecordingWriter.ChannelNumber]] {
        var numbers: [[RecordingWriter.ChannelNumber]] = []
        var slots = Slots(taken: predecessor?.slots ?? [])
        for connection in connections {
            if connection.isTopic {
                let channel = FrameChannel(topic: connection.name)
                let number = try writer.add(channel)
                numbers.append(connection.channels.map { _ in number })
                continue
            }
            guard let market = connection.market else {
                throw .unknownMarket(connection: connection.name, exchange: rules.exchange)
            }
            var own: [Int: RecordingWriter.ChannelNumber] = [:]
            let continued = connection.continued
            let slot = continued?.slot ?? slots.next()
            for (index, imported) in connection.orderedChannels {
                var channel = FrameChannel(
                    exchange: rules.exchange,
                    market: market.rawValue,
                    slot: slot,
                    direction: imported.direction
                )
                channel.protocolID = rules.protocolID
                channel.endpoint = connection.endpoint
                channel.connection = connection.isNamed ? connection.name : ""
                let lane = continued.flatMap { predecessor?.lane(imported, of: $0) }
                channel.request = imported.request
                if imported.direction == .received {
                    channel.subscribedKinds =
                        subscribed.isEmpty ? lane?.channel.subscribedKinds ?? [] : subscribed
                }
                own[index] = try writer.add(channel, firstSequence: (lane?.counter ?? 0) &+ 1)
            }
            numbers.append(connection.channels.indices.compactMap { own[$0] })
        }
        return numbers
    }
}

/// Finds free slots.
private struct Slots {
    let taken: Set<String>
    private var number = 0

    init(taken: Set<String>) { self.taken = taken }

    mutating func next() -> String {
        while taken.contains("c\(number)") { number += 1 }
        defer { number += 1 }
        return "c\(number)"
    }
}
