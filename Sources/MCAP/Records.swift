/// The first record of a file.
public struct Header: Equatable, Sendable {
    /// What the file's content follows (`atelier` for this project's recordings).
    public var profile: String
    /// The program that wrote it.
    public var library: String

    /// Makes a header.
    public init(profile: String = "", library: String = "") {
        self.profile = profile
        self.library = library
    }
}

/// The last record of a file.
public struct Footer: Equatable, Sendable {
    /// Offset of the summary section; 0 if there is none.
    public var summaryStart: UInt64
    /// Offset of the summary offset section; 0 if there is none.
    public var summaryOffsetStart: UInt64
    /// CRC-32 from the summary's start through this record's offsets; 0 if not available.
    public var summaryCRC: UInt32
}

/// How messages are to be understood.
public struct Schema: Equatable, Sendable {
    /// Its number in the file, never 0.
    public var id: UInt16
    /// Its name.
    public var name: String
    /// The format of ``data``.
    public var encoding: String
    /// The schema itself.
    public var data: [UInt8]

    /// Makes a schema.
    public init(id: UInt16, name: String, encoding: String, data: [UInt8]) {
        self.id = id
        self.name = name
        self.encoding = encoding
        self.data = data
    }
}

/// A stream of messages on one topic.
public struct Channel: Equatable, Sendable {
    /// Its number in the file.
    public var id: UInt16
    /// The schema of its messages; 0 for none.
    public var schemaID: UInt16
    /// The topic.
    public var topic: String
    /// The format of its messages.
    public var messageEncoding: String
    /// Further facts.
    public var metadata: TextMap

    /// Makes a channel.
    public init(
        id: UInt16,
        schemaID: UInt16 = 0,
        topic: String,
        messageEncoding: String = "",
        metadata: TextMap = [:]
    ) {
        self.id = id
        self.schemaID = schemaID
        self.topic = topic
        self.messageEncoding = messageEncoding
        self.metadata = metadata
    }
}

/// What a message says of itself; its data is lent beside it.
@frozen
public struct MessageHeader: Equatable, Sendable {
    /// The channel.
    public var channelID: UInt16
    /// The publisher's counter.
    public var sequence: UInt32
    /// When it was recorded: nanoseconds since the file's epoch.
    public var logTime: UInt64
    /// When it was published: nanoseconds since the file's epoch.
    public var publishTime: UInt64

    /// Makes a message header.
    @inlinable
    public init(channelID: UInt16, sequence: UInt32, logTime: UInt64, publishTime: UInt64) {
        self.channelID = channelID
        self.sequence = sequence
        self.logTime = logTime
        self.publishTime = publishTime
    }
}

/// A chunk's fields but its bytes.
public struct ChunkHeader: Equatable, Sendable {
    /// Earliest log time of its messages; 0 without messages.
    public var startTime: UInt64
    /// Latest log time of its messages; 0 without messages.
    public var endTime: UInt64
    /// Size of its records when expanded.
    public var uncompressedSize: UInt64
    /// CRC-32 of its expanded records; 0 if not available.
    public var uncompressedCRC: UInt32
    /// `zstd`, `lz4` or empty.
    public var compression: String
    /// Size of its records as stored.
    public var storedSize: UInt64
}

/// Where a channel's messages lie in a chunk.
public struct MessageIndex: Equatable, Sendable {
    /// One message.
    public struct Entry: Equatable, Sendable {
        /// Its log time.
        public var logTime: UInt64
        /// Offset of its record in the expanded chunk.
        public var offset: UInt64
    }

    /// The channel.
    public var channelID: UInt16
    /// Its messages.
    public var entries: [Entry]
}

/// Where a chunk lies and what it holds.
public struct ChunkIndex: Equatable, Sendable {
    /// Where a channel's message index lies.
    public struct Entry: Equatable, Sendable {
        /// The channel.
        public var channelID: UInt16
        /// Offset of its message index record in the file.
        public var offset: UInt64
    }

    /// Earliest log time of its messages.
    public var startTime: UInt64
    /// Latest log time of its messages.
    public var endTime: UInt64
    /// Offset of the chunk record.
    public var chunkOffset: UInt64
    /// Length of the chunk record, opcode and length included.
    public var chunkLength: UInt64
    /// The message indexes behind the chunk; empty if there are none.
    public var messageIndexOffsets: [Entry]
    /// Length of those records together.
    public var messageIndexLength: UInt64
    /// As in the chunk.
    public var compression: String
    /// Size of the chunk's records as stored.
    public var compressedSize: UInt64
    /// Size of the chunk's records when expanded.
    public var uncompressedSize: UInt64
}

/// A file within the file.
public struct Attachment: Equatable, Sendable {
    /// When it was recorded.
    public var logTime: UInt64
    /// When it was made; 0 if not known.
    public var createTime: UInt64
    /// Its name.
    public var name: String
    /// Its media type.
    public var mediaType: String
    /// Its content.
    public var data: [UInt8]

    /// Makes an attachment.
    public init(logTime: UInt64, createTime: UInt64, name: String, mediaType: String, data: [UInt8]) {
        self.logTime = logTime
        self.createTime = createTime
        self.name = name
        self.mediaType = mediaType
        self.data = data
    }
}

/// Where an attachment lies.
public struct AttachmentIndex: Equatable, Sendable {
    /// Offset of the attachment record.
    public var offset: UInt64
    /// Length of the record, opcode and length included.
    public var length: UInt64
    /// When it was recorded.
    public var logTime: UInt64
    /// When it was made; 0 if not known.
    public var createTime: UInt64
    /// Size of its content.
    public var dataSize: UInt64
    /// Its name.
    public var name: String
    /// Its media type.
    public var mediaType: String
}

/// Counts of a file.
public struct Statistics: Equatable, Sendable {
    /// Messages of one channel.
    public struct Entry: Equatable, Sendable {
        /// The channel.
        public var channelID: UInt16
        /// How many messages it has.
        public var count: UInt64
    }

    /// Messages.
    public var messageCount: UInt64 = 0
    /// Schemas.
    public var schemaCount: UInt16 = 0
    /// Channels.
    public var channelCount: UInt32 = 0
    /// Attachments.
    public var attachmentCount: UInt32 = 0
    /// Metadata records.
    public var metadataCount: UInt32 = 0
    /// Chunks.
    public var chunkCount: UInt32 = 0
    /// Earliest log time; 0 without messages.
    public var startTime: UInt64 = 0
    /// Latest log time; 0 without messages.
    public var endTime: UInt64 = 0
    /// Messages by channel, in order of channel number; empty if not available.
    public var channelMessageCounts: [Entry] = []
}

/// Named key-value pairs.
public struct Metadata: Equatable, Sendable {
    /// What it is about.
    public var name: String
    /// The pairs.
    public var values: TextMap

    /// Makes a metadata record.
    public init(name: String, values: TextMap) {
        self.name = name
        self.values = values
    }
}

/// Where a metadata record lies.
public struct MetadataIndex: Equatable, Sendable {
    /// Offset of the record.
    public var offset: UInt64
    /// Length of the record, opcode and length included.
    public var length: UInt64
    /// Its name.
    public var name: String
}

/// Where a group of summary records lies.
public struct SummaryOffset: Equatable, Sendable {
    /// The kind of the records.
    public var opcode: UInt8
    /// Offset of the first.
    public var start: UInt64
    /// Their length together.
    public var length: UInt64
}

/// The end of the data section.
public struct DataEnd: Equatable, Sendable {
    /// CRC-32 of the file up to this record; 0 if not available.
    public var dataSectionCRC: UInt32
}
