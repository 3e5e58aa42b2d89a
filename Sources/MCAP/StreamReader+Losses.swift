import ByteCoding

extension StreamReader {
    /// Records the loss of the current record.
    func lose(_ reason: String, messages: UInt64? = nil, time: UInt64? = nil) {
        scanner.losses.append(
            Loss(
                offset: scanner.offset,
                length: UInt64(Format.prefixSize + scanner.length),
                messages: inData ? messages : 0,
                startTime: time,
                endTime: time,
                reason: reason
            )
        )
        lossAwaitingIndex = inData && messages == nil ? scanner.losses.count - 1 : nil
    }

    func loseChunk(_ header: ChunkHeader, _ reason: String) {
        lose(reason)
        if header.startTime <= header.endTime {
            scanner.losses[scanner.losses.count - 1].startTime = header.startTime
            scanner.losses[scanner.losses.count - 1].endTime = header.endTime
        }
    }

    /// Decides which loss a message index that comes next belongs to.
    ///
    /// A message index directly follows its chunk or another index of it; after a record of unknown kind it
    /// shows that this was a chunk with a damaged opcode.
    func expectIndex(_ code: UInt8) {
        guard code == Opcode.messageIndex.rawValue else {
            lossAwaitingIndex = nil
            return
        }
        if scanner.followsLoss {
            lossAwaitingIndex = scanner.lossIsOneChunk ? scanner.losses.count - 1 : nil
        } else if previous.opcode != 0, Opcode(rawValue: previous.opcode) == nil {
            unknownRecords -= 1
            scanner.losses.append(
                Loss(
                    offset: previous.offset,
                    length: previous.length,
                    reason: "\(RecordScanner.name(previous.opcode)) where a chunk belongs"
                )
            )
            lossAwaitingIndex = scanner.losses.count - 1
        }
    }

    /// Adds the current record to the summary's checksum.
    func coverSummary(_ code: UInt8) {
        let scanner = scanner
        let record = scanner.record
        if code == Opcode.footer.rawValue, record.byteCount == Format.prefixSize + Format.footerSize {
            summaryCRC.update(record.extracting(..<(record.byteCount - 4)))
        } else {
            summaryCRC.update(record)
        }
    }

    /// Compares the summary with the footer's checksum.
    func judgeSummary(_ footer: Footer) {
        let covers = footer.summaryStart == summaryStart - fileStart || footer.summaryStart == 0
        guard !inData, covers, footer.summaryCRC != 0, footer.summaryCRC != summaryCRC.value else { return }
        isSummarySound = false
        scanner.losses.append(
            Loss(
                offset: summaryStart,
                length: 0,
                messages: 0,
                reason: "the summary fails its CRC-32; its indexes and counts are not used"
            )
        )
    }

    /// At the end, infers lost messages from the summary's count.
    func finish() {
        guard !isFinished else { return }
        isFinished = true
        finishFile()
    }

    /// At the end of a file, which others may follow.
    func finishFile() {
        guard let statistics, isSummarySound else { return }
        let own = scanner.losses.indices.dropFirst(before.losses)
        let unknown = own.filter { scanner.losses[$0].messages == nil }
        let known = own.reduce(UInt64(0)) { $0 &+ (scanner.losses[$1].messages ?? 0) }
        let (missing, overflow) = statistics.messageCount.subtractingReportingOverflow(
            (counts.messageCount - before.messages) &+ known
        )
        guard !overflow, missing > 0 || !unknown.isEmpty else { return }
        if unknown.count == 1 {
            scanner.losses[unknown[0]].messages = missing
        } else if unknown.isEmpty {
            scanner.losses.append(
                Loss(
                    offset: scanner.offset,
                    length: 0,
                    messages: missing,
                    reason: "the statistics count \(missing) messages more than the file holds"
                )
            )
        }
    }

    func readMagic(salvaging: Bool) throws(MCAPError) {
        let input = scanner.input
        let available = try scanner.fill(Format.magic.count)
        let found = scanner.bytes(at: 0, count: min(available, Format.magic.count))
        if found == Format.magic {
            input.consume(Format.magic.count)
        } else if available > 0, Format.magic.starts(with: found) {
            loseStart(found, "cut off inside the first 8 bytes")
        } else if salvaging {
            startsForeign = true
            loseStart(found, "the first bytes are not MCAP's")
        } else if found.count == 8, found[..<5] == Format.magic[..<5], found[6...] == Format.magic[6...] {
            throw .unsupportedVersion(name: input.name, version: found[5])
        } else {
            throw .notMCAP(name: input.name, found: found)
        }
        try readHeader()
    }

    private func loseStart(_ found: [UInt8], _ reason: String) {
        scanner.input.consume(found.count)
        scanner.losses.append(Loss(offset: 0, length: UInt64(found.count), messages: 0, reason: reason))
    }

    private func readHeader() throws(MCAPError) {
        let scanner = scanner
        guard try scanner.fill(Format.prefixSize) >= Format.prefixSize else { return }
        guard scanner.prefix(at: 0).code == Opcode.header.rawValue, try scanner.next() else { return }
        var reader = ByteReader(scanner.content)
        if scanner.opcode == Opcode.header.rawValue, let header = try? Header(from: &reader) {
            self.header = header
        } else {
            pending = true
        }
    }
}
