/// What a writer adds to the records it is given.
public struct WriterOptions: Equatable, Sendable {
    /// How chunks are compressed.
    public var compression = ChunkCompression.zstd(level: 1)
    /// A chunk is closed when its records reach this many bytes; nil writes no chunks.
    public var chunkSize: Int? = 1 << 20
    /// Repeats in each chunk the channels (and schemas) it uses, so that each chunk stands alone.
    public var repeatsChannelsInChunks = false
    /// CRC-32 of each chunk's expanded records.
    public var chunkCRC = true
    /// CRC-32 of the data section.
    public var dataCRC = true
    /// CRC-32 of the summary.
    public var summaryCRC = true
    /// CRC-32 of each attachment.
    public var attachmentCRC = true
    /// Message indexes after each chunk.
    public var messageIndex = true
    /// Chunk indexes in the summary.
    public var chunkIndex = true
    /// Attachment indexes in the summary.
    public var attachmentIndex = true
    /// Metadata indexes in the summary.
    public var metadataIndex = true
    /// Schemas once more in the summary.
    public var summarySchemas = true
    /// Channels repeated in the summary.
    public var summaryChannels = true
    /// Statistics in the summary.
    public var statistics = true
    /// Summary offsets.
    public var summaryOffsets = true

    /// Everything on: indexed, checksummed, zstd level 1, chunks of 1 MiB.
    public init() {}
}
