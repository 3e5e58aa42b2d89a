public import ByteCoding

/// Writes everything readable in a damaged file to a sound one.
public struct Recovery {
    /// The name of the metadata record that states what was lost.
    public static let reportName = "recovery"

    /// Messages kept.
    public private(set) var messages: UInt64 = 0
    /// Attachments kept.
    public private(set) var attachments: UInt64 = 0
    /// Metadata records kept.
    public private(set) var metadata: UInt64 = 0
    /// Records of unknown kinds, which are left out.
    public private(set) var unknownRecords: UInt64 = 0
    /// What could not be kept.
    public private(set) var losses: [Loss] = []
    /// Whether the end of the file is complete.
    public private(set) var isComplete = false

    /// Reads `input` and writes its content to `output`.
    /// - Parameters:
    ///   - input: the damaged file.
    ///   - output: the sound file.
    ///   - check: what a reading beforehand found, where the input can be read twice: its schemas and channels are
    ///     used where their records are lost, and its problems are stated where everything could be kept.
    ///   - compression: how chunks are compressed; nil = as the first chunk read, zstd without chunks.
    ///   - limits: the largest things taken into memory.
    ///   - judging: makes what judges the messages, by the file's header; what it finds is stated where everything could
    ///     be kept, unless the input is itself a recovered file, which says what was lost.
    ///   - progress: called with the offset now and then.
    /// - Throws: ``MCAPError`` if reading or writing fails, or nothing in the input is MCAP.
    public init(
        of input: ByteInput,
        to output: ByteOutput,
        after check: FileCheck? = nil,
        compression: ChunkCompression? = nil,
        limits: ReaderLimits = .init(),
        judging: (Header) -> (any MessageValidator)? = { _ in nil },
        progress: (UInt64) -> Void = { _ in }
    ) throws(MCAPError) {
        let reader = try StreamReader(
            input,
            schemas: check?.knownSchemas ?? [],
            channels: check?.knownChannels ?? [],
            limits: limits,
            salvaging: true
        )
        if let check, check.problemCount > 0 {
            reader.dropsRepeats = true
            reader.doubled = check.doubled.offsets
        }
        var event = try reader.next()
        guard event != nil || !reader.startsForeign || reader.header != Header() || !reader.channels.isEmpty
        else {
            throw .notMCAP(name: input.name, found: [])
        }
        let writer = try MCAPWriter(
            output,
            header: reader.header,
            options: Self.options(compression, reader.compressions.first?.name)
        )
        let judge = judging(reader.header)
        var isRecovered = false
        var numbers = RecoveredNumbers()
        var lossesStated = 0
        while let found = event {
            try Self.stateIndex(of: reader.losses[lossesStated...], to: writer)
            lossesStated = reader.losses.count
            switch found {
            case .message:
                var message = reader.message
                let index = reader.messageSlot
                message.channelID = try numbers.number(ofChannelAt: index, of: reader, in: writer)
                judge?.validate(message, on: reader.channels[index], at: reader.recordOffset)
                try writer.write(message, data: reader.data)
                messages += 1
                if messages & 0xffff == 0 { progress(reader.recordOffset) }
            case .attachment:
                if let attachment = reader.attachment { try writer.write(attachment) }
                attachments += 1
            case .metadata:
                if let record = reader.metadata {
                    isRecovered = isRecovered || record.name == Self.reportName
                    try writer.write(record)
                }
                metadata += 1
            }
            event = try reader.next()
        }
        try numbers.declareAll(of: reader, in: writer)
        losses = reader.losses
        isComplete = reader.isComplete
        if losses.isEmpty, isComplete {
            losses = check?.losses ?? []
            if !isRecovered, let judge { losses += judge.losses }
        }
        unknownRecords = reader.unknownRecords + reader.scanner.skippedStrangers
        if !losses.isEmpty || !isComplete { try writer.write(report) }
        try writer.finish()
    }

    private static func options(_ wanted: ChunkCompression?, _ found: String?) -> WriterOptions {
        var options = WriterOptions()
        options.repeatsChannelsInChunks = true
        switch found {
        case "": options.compression = .none
        case "lz4": options.compression = .lz4
        default: break
        }
        if let wanted { options.compression = wanted }
        return options
    }

    /// The losses as a metadata record of the new file.
    private var report: Metadata {
        var values: TextMap = ["end_of_file": isComplete ? "whole" : "missing"]
        for (index, loss) in losses.prefix(1_000).enumerated() { values["loss_\(index)"] = Self.text(loss) }
        return Metadata(name: Self.reportName, values: values)
    }

    private static func text(_ loss: Loss) -> String {
        let messages = loss.messages.map { "\($0) messages" } ?? "messages not known"
        return "byte \(loss.offset), \(loss.length) bytes, \(messages): \(loss.reason)"
    }

    // MARK: - Places of losses

    private static let lossKey = "lost_here"

    /// Writes a record where messages are missing in the new file: counters do not cover every channel.
    private static func stateIndex(of losses: ArraySlice<Loss>, to writer: MCAPWriter) throws(MCAPError) {
        let texts = losses.filter { $0.messages != 0 }.map(text)
        if !texts.isEmpty { try writer.write(lossMetadata(of: texts.joined(separator: "; "))) }
    }

    /// A record that marks where messages are missing in a recovered file.
    public static func lossMetadata(of loss: String) -> Metadata {
        Metadata(name: reportName, values: [lossKey: loss])
    }

    /// Whether a record of a recovery marks where messages are missing.
    public static func isLossMetadata(_ record: Metadata) -> Bool { record.values[lossKey] != nil }

    /// Whether a record of a recovery means that messages may be missing right before it; for the report at
    /// a file's end `afterPlaces` says whether their places are marked already.
    public static func recordsLoss(_ record: Metadata, afterIndexes: Bool) -> Bool {
        if isLossMetadata(record) || record.values["end_of_file"] == "missing" { return true }
        return !afterIndexes
            && record.values.entries.contains {
                $0.key.hasPrefix("loss_") && !$0.value.contains(", 0 messages: ")
            }
    }
}
