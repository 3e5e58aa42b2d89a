/// The numbers of a damaged file's channels and schemas in the recovered one: their own, unless already in
/// use.
struct RecoveredNumbers {
    /// By index in the reader's channels.
    private var channels: [UInt16?] = []
    /// By index in the reader's schemas.
    private var schemas: [UInt16?] = []
    private var takenChannels: Set<UInt16> = []
    private var takenSchemas: Set<UInt16> = [0]

    /// The number of the channel at an index; writes it and its schema if they are not written yet.
    mutating func number(
        ofChannelAt index: Int,
        of reader: StreamReader,
        in writer: MCAPWriter
    ) throws(MCAPError) -> UInt16 {
        if index < channels.count, let known = channels[index] { return known }
        while channels.count <= index { channels.append(nil) }
        var channel = reader.channels[index]
        // A channel may not name a missing schema.
        channel.schemaID = 0
        if let schema = reader.schema(ofChannelAt: index), let at = reader.schemas.firstIndex(of: schema) {
            channel.schemaID = try number(ofSchemaAt: at, of: reader, in: writer)
        }
        channel.id = try Self.free(channel.id, takenChannels, writer)
        takenChannels.insert(channel.id)
        try writer.add(channel)
        channels[index] = channel.id
        return channel.id
    }

    private mutating func number(
        ofSchemaAt index: Int,
        of reader: StreamReader,
        in writer: MCAPWriter
    ) throws(MCAPError) -> UInt16 {
        if index < schemas.count, let known = schemas[index] { return known }
        while schemas.count <= index { schemas.append(nil) }
        var schema = reader.schemas[index]
        schema.id = try Self.free(schema.id, takenSchemas, writer)
        takenSchemas.insert(schema.id)
        try writer.add(schema)
        schemas[index] = schema.id
        return schema.id
    }

    /// Writes what no message needed.
    mutating func declareAll(of reader: StreamReader, in writer: MCAPWriter) throws(MCAPError) {
        for index in reader.schemas.indices { _ = try number(ofSchemaAt: index, of: reader, in: writer) }
        for index in reader.channels.indices where !reader.isContradicted(channelAt: index) {
            _ = try number(ofChannelAt: index, of: reader, in: writer)
        }
    }

    private static func free(
        _ wanted: UInt16,
        _ taken: Set<UInt16>,
        _ writer: MCAPWriter
    ) throws(MCAPError) -> UInt16 {
        if !taken.contains(wanted) { return wanted }
        guard let free = (1...UInt16.max).first(where: { !taken.contains($0) }) else {
            throw writer.unwritable("more than 65535 channels or schemas")
        }
        return free
    }
}
