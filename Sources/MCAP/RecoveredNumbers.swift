/// The numbers that channels and schemas of a damaged file have in the recovered one: their own, unless another has it.
struct RecoveredNumbers {
    /// By place in the reader's channels.
    private var channels: [UInt16?] = []
    /// By place in the reader's schemas.
    private var schemas: [UInt16?] = []
    private var takenChannels: Set<UInt16> = []
    private var takenSchemas: Set<UInt16> = [0]

    /// The number of the channel at a place, which is written with its schema if it was not yet.
    mutating func number(
        ofChannelAt place: Int,
        of reader: StreamReader,
        in writer: MCAPWriter
    ) throws(MCAPError) -> UInt16 {
        if place < channels.count, let known = channels[place] { return known }
        while channels.count <= place { channels.append(nil) }
        var channel = reader.channels[place]
        // A channel may not name a schema that is not there.
        channel.schemaID = 0
        if let schema = reader.schema(ofChannelAt: place), let at = reader.schemas.firstIndex(of: schema) {
            channel.schemaID = try number(ofSchemaAt: at, of: reader, in: writer)
        }
        channel.id = try Self.free(channel.id, takenChannels, writer)
        takenChannels.insert(channel.id)
        try writer.add(channel)
        channels[place] = channel.id
        return channel.id
    }

    private mutating func number(
        ofSchemaAt place: Int,
        of reader: StreamReader,
        in writer: MCAPWriter
    ) throws(MCAPError) -> UInt16 {
        if place < schemas.count, let known = schemas[place] { return known }
        while schemas.count <= place { schemas.append(nil) }
        var schema = reader.schemas[place]
        schema.id = try Self.free(schema.id, takenSchemas, writer)
        takenSchemas.insert(schema.id)
        try writer.add(schema)
        schemas[place] = schema.id
        return schema.id
    }

    /// Writes what no message needed.
    mutating func declareAll(of reader: StreamReader, in writer: MCAPWriter) throws(MCAPError) {
        for place in reader.schemas.indices { _ = try number(ofSchemaAt: place, of: reader, in: writer) }
        for place in reader.channels.indices where !reader.isContradicted(channelAt: place) {
            _ = try number(ofChannelAt: place, of: reader, in: writer)
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
