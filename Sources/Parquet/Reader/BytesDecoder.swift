/// Decodes BYTE_ARRAY.
final class BytesDecoder: ValueDecoder {
    private let limit: Int
    private var page = 0
    private var layout = Layout.plain(0)
    private var dictionary: ByteArrays?
    private var longestEntry = 0
    private var scratch = [UInt32](repeating: 0, count: 1024)

    private enum Layout {
        case plain(Int)
        case lengths(DeltaDecoder, Int)
        case prefixes(PrefixDecoder)
        case indices(IndexDecoder)
    }

    /// Ends a batch once its texts hold `limit` bytes.
    init(limit: Int) { self.limit = limit }

    func read(
        _ rows: Int,
        _ stream: PageStream,
        validity: UnsafeMutablePointer<UInt8>,
        reusing old: inout ColumnValues
    ) throws(ParquetError) -> ColumnValues {
        var batch = Batch(rows, reusing: &old)
        var done = 0
        while done < rows, done == 0 || batch.bytes.count < limit {
            try stream.advance()
            if page != stream.pageNumber { try begin(stream) }
            let wanted = min(rows - done, mostRows(stream, held: batch.bytes.count))
            let segment = try stream.next(wanted, validity: validity + done)
            do throws(DecodingFault) {
                try append(segment, validity + done, stream.values, to: &batch)
            } catch {
                throw stream.fault(error)
            }
            done += segment.rows
        }
        return .bytes(ByteArrays(offsets: batch.offsets, bytes: batch.bytes))
    }

    private struct Batch {
        var offsets: [Int] = [0]
        var bytes: [UInt8] = []

        init(_ rows: Int) { offsets.reserveCapacity(rows + 1) }

        init(_ rows: Int, reusing old: inout ColumnValues) {
            if case .bytes(var values) = old {
                old = .boolean([])
                values.removeAll()
                (offsets, bytes) = (values.offsets, values.bytes)
            }
            offsets.reserveCapacity(rows + 1)
        }
    }

    /// A number of rows that cannot exceed the limit by far: entries and prefixes repeat without being
    /// stored again.
    private func mostRows(_ stream: PageStream, held: Int) -> Int {
        let longest =
            switch layout {
            case .plain, .lengths: 0
            case .prefixes: stream.values.count
            case .indices: longestEntry
            }
        let most = longest == 0 ? scratch.count : max(1, (limit - held) / longest)
        return min(most, scratch.count)
    }

    private func begin(_ stream: PageStream) throws(ParquetError) {
        page = stream.pageNumber
        do throws(DecodingFault) {
            switch stream.encoding {
            case .plain: layout = .plain(0)
            case .deltaLengthByteArray:
                let lengths = try DeltaDecoder(stream.values)
                layout = .lengths(lengths, try lengths.end())
            case .deltaByteArray: layout = .prefixes(try PrefixDecoder(stream.values))
            case .plainDictionary, .rleDictionary:
                try loadDictionary(stream)
                layout = .indices(try IndexDecoder(stream.values, dictionaryCount: dictionary?.count))
            default: throw DecodingFault("\(stream.encoding.name) values in a BYTE_ARRAY column")
            }
        } catch {
            throw stream.fault(error)
        }
    }

    private func loadDictionary(_ stream: PageStream) throws(DecodingFault) {
        guard dictionary == nil, let count = stream.dictionaryCount else { return }
        let bytes = stream.dictionaryBytes
        guard count <= bytes.count / 4 else {
            throw DecodingFault("a dictionary of \(count) values in \(bytes.count) bytes")
        }
        var entries = Batch(count)
        var position = 0
        for _ in 0..<count {
            let value = try Self.plain(bytes, &position)
            entries.bytes.append(contentsOf: value)
            entries.offsets.append(entries.bytes.count)
            longestEntry = max(longestEntry, value.count)
        }
        dictionary = ByteArrays(offsets: entries.offsets, bytes: entries.bytes)
    }

    /// The value at `position`, which advances past it.
    @inline(__always)
    private static func plain(
        _ bytes: PageBytes,
        _ position: inout Int
    ) throws(DecodingFault) -> UnsafeRawBufferPointer {
        guard bytes.count - position >= 4 else { throw DecodingFault("the page ends within its values") }
        let length = Int(UInt32(littleEndian: bytes.load(position, as: UInt32.self)))
        position += 4
        guard length <= bytes.count - position else {
            throw DecodingFault("a value of \(length) bytes, \(bytes.count - position) are left")
        }
        defer { position += length }
        return UnsafeRawBufferPointer(start: bytes.start + position, count: length)
    }

    private func append(
        _ segment: PageStream.Segment,
        _ validity: UnsafePointer<UInt8>,
        _ bytes: PageBytes,
        to batch: inout Batch
    ) throws(DecodingFault) {
        switch layout {
        case .plain(var position):
            for row in 0..<segment.rows {
                if validity[row] == 1 { batch.bytes.append(contentsOf: try Self.plain(bytes, &position)) }
                batch.offsets.append(batch.bytes.count)
            }
            layout = .plain(position)
        case .lengths(var lengths, var position):
            try readScratch(&lengths, segment.present)
            var next = 0
            for row in 0..<segment.rows {
                if validity[row] == 1 {
                    let length = Int(Int32(bitPattern: scratch[next]))
                    next += 1
                    guard length >= 0, length <= bytes.count - position else {
                        throw DecodingFault("a value of \(length) bytes, \(bytes.count - position) are left")
                    }
                    let value = UnsafeRawBufferPointer(start: bytes.start + position, count: length)
                    batch.bytes.append(contentsOf: value)
                    position += length
                }
                batch.offsets.append(batch.bytes.count)
            }
            layout = .lengths(lengths, position)
        case .prefixes(var decoder):
            for row in 0..<segment.rows {
                if validity[row] == 1 { batch.bytes.append(contentsOf: try decoder.next()) }
                batch.offsets.append(batch.bytes.count)
            }
            layout = .prefixes(decoder)
        case .indices(var decoder):
            try appendEntries(&decoder, segment, validity, to: &batch)
            layout = .indices(decoder)
        }
    }

    private func appendEntries(
        _ decoder: inout IndexDecoder,
        _ segment: PageStream.Segment,
        _ validity: UnsafePointer<UInt8>,
        to batch: inout Batch
    ) throws(DecodingFault) {
        var failure: DecodingFault?
        scratch.withUnsafeMutableBufferPointer { room in
            guard let base = room.baseAddress else { return }
            do throws(DecodingFault) {
                // Safe: a segment has at most as many rows as the scratch.
                try decoder.read(into: base, count: segment.present)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        guard let entries = dictionary else { return }
        var next = 0
        entries.bytes.withUnsafeBytes { all in
            for row in 0..<segment.rows {
                if validity[row] == 1 {
                    let entry = Int(scratch[next])
                    next += 1
                    let range = entries.offsets[entry]..<entries.offsets[entry + 1]
                    batch.bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: all[range]))
                }
                batch.offsets.append(batch.bytes.count)
            }
        }
    }

    private func readScratch(_ decoder: inout DeltaDecoder, _ count: Int) throws(DecodingFault) {
        var failure: DecodingFault?
        scratch.withUnsafeMutableBufferPointer { room in
            guard let base = room.baseAddress else { return }
            do throws(DecodingFault) {
                // Safe: a segment has at most as many rows as the scratch.
                try decoder.read(into: base, count: count)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
    }
}
