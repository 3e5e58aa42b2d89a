import ByteCoding

// A number declared again differently (invalid in a sound file) means the new channel from there on.

extension StreamReader {
    /// Declares a schema or channel; returns false if its fields do not fit.
    func define(_ code: UInt8, _ content: RawSpan) -> Bool {
        var reader = ByteReader(content)
        if code == Opcode.channel.rawValue {
            guard let channel = try? Channel(from: &reader) else { return false }
            if inData { learn(channel, isDeclared: true) } else { compare(channel) }
        } else {
            guard let schema = try? Schema(from: &reader) else { return false }
            if schema.id == 0 { return true }
            if inData { learn(schema, isDeclared: true) } else { compare(schema) }
        }
        return true
    }

    func learn(_ channel: Channel, isDeclared: Bool) {
        let schema = declared.schemas[channel.schemaID]
        if let index = slot(channel.id) {
            if channels[index] == channel, declared.schemaIndexes[index] == schema {
                declared.isDeclared[index] = declared.isDeclared[index] || isDeclared
                return
            }
            if declared.isDeclared[index] {
                state(channel, otherwiseThan: channels[index])
            } else if channels[index] != channel {
                declared.contradicted.insert(index)
                state(channel, otherwiseThan: channels[index])
            }
        }
        let known = channels.indices.first { index in
            channels[index] == channel && declared.schemaIndexes[index] == schema
        }
        let index = known ?? append(channel, schema)
        declared.isDeclared[index] = declared.isDeclared[index] || isDeclared
        use(index)
    }

    private func append(_ channel: Channel, _ schema: Int?) -> Int {
        channels.append(channel)
        declared.schemaIndexes.append(schema)
        declared.isDeclared.append(false)
        return channels.count - 1
    }

    private func use(_ index: Int) {
        let id = Int(channels[index].id)
        while scanner.isChannel.count <= id { scanner.isChannel.append(false) }
        cursor.pointee.slots[id] = Int32(index)
        scanner.isChannel[id] = true
    }

    func learn(_ schema: Schema, isDeclared: Bool) {
        let before = declared.schemas[schema.id]
        if let before, schemas[before] == schema { return }
        let index = schemas.firstIndex(of: schema) ?? schemas.count
        if index == schemas.count { schemas.append(schema) }
        declared.schemas[schema.id] = index
        if before != nil, isDeclared, declared.statedSchemas.insert(schema.id).inserted {
            stateDeclaration("schema \(schema.id) is declared again otherwise: \(quoted(schema.name))")
        }
        // Channels in use that name it mean the new one from here on.
        for (slot, channel) in channels.enumerated()
        where channel.schemaID == schema.id && self.slot(channel.id) == slot {
            if before == nil, declared.schemaIndexes[slot] == nil {
                declared.schemaIndexes[slot] = index
            } else {
                let known = channels.indices.first {
                    channels[$0] == channel && declared.schemaIndexes[$0] == index
                }
                use(known ?? append(channel, index))
            }
        }
    }

    // MARK: - The summary says what the data said

    private func compare(_ channel: Channel) {
        guard slot(channel.id) != nil else { return learn(channel, isDeclared: false) }
        guard !channels.contains(channel), let index = slot(channel.id) else { return }
        state(channel, otherwiseThan: channels[index])
    }

    private func compare(_ schema: Schema) {
        guard declared.schemas[schema.id] != nil else { return learn(schema, isDeclared: false) }
        guard !schemas.contains(schema), declared.statedSchemas.insert(schema.id).inserted else { return }
        stateDeclaration("schema \(schema.id) is in the summary otherwise than in the data")
    }

    private func state(_ channel: Channel, otherwiseThan before: Channel) {
        guard declared.statedChannels.insert(channel.id).inserted else { return }
        stateDeclaration(
            "channel \(channel.id) is declared again otherwise: topic \(quoted(channel.topic)), "
                + "before \(quoted(before.topic))"
        )
    }

    private func quoted(_ text: String) -> String { String(reflecting: text) }

    /// Nothing is lost, but the file is not sound.
    private func stateDeclaration(_ reason: String) {
        scanner.losses.append(Loss(offset: recordOffset, length: 0, messages: 0, reason: reason))
    }

    // MARK: - Files behind one another

    /// Begins a further file with numbers, counts and offsets of its own.
    func beginFile() {
        finishFile()
        fileStart = scanner.fileStart
        scanner.losses.append(
            Loss(
                offset: fileStart,
                length: 0,
                messages: 0,
                reason: "another MCAP file begins here; two were put behind one another"
            )
        )
        before = (counts.messageCount, scanner.losses.count)
        for channel in channels {
            cursor.pointee.slots[Int(channel.id)] = -1
            scanner.isChannel[Int(channel.id)] = false
        }
        (declared.schemas, declared.statedChannels, declared.statedSchemas) = ([:], [], [])
        (inData, isComplete, isSummarySound, statistics) = (true, false, true, nil)
        (summaryStart, summaryCRC) = (0, CRC32())
        firstIndexes.removeAll()
        previous = (0, 0, 0)
        lossAwaitingIndex = nil
    }
}
