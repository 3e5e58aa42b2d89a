/// Decodes INT32, INT64, FLOAT and DOUBLE.
final class NumberDecoder<Value: FixedWidthValue>: ValueDecoder {
    private var page = 0
    private var layout = Layout.plain(0)
    private var dictionary: [Value]?
    private var indices: [UInt32] = []

    private enum Layout {
        case plain(Int)
        case split(total: Int, next: Int)
        case delta(DeltaDecoder)
        case indices(IndexDecoder)
    }

    private static var width: Int { MemoryLayout<Value>.size }

    func read(
        _ rows: Int,
        _ stream: PageStream,
        validity: UnsafeMutablePointer<UInt8>,
        reusing old: inout ColumnValues
    ) throws(ParquetError) -> ColumnValues {
        var failure: ParquetError?
        var values = Value.moveArray(from: &old)
        if values.count >= rows {
            values.removeLast(values.count - rows)
            values.withUnsafeMutableBufferPointer { room in
                guard let base = room.baseAddress else { return }
                failure = fill(base, rows, stream, validity)
            }
        } else {
            values = [Value](unsafeUninitializedCapacity: rows) { room, count in
                guard let base = room.baseAddress else { return }
                failure = fill(base, rows, stream, validity)
                count = failure == nil ? rows : 0
            }
        }
        if let failure { throw failure }
        return Value.columnValues(values)
    }

    /// Writes `rows` values to `target`, which has room for them.
    private func fill(
        _ target: UnsafeMutablePointer<Value>,
        _ rows: Int,
        _ stream: PageStream,
        _ validity: UnsafeMutablePointer<UInt8>
    ) -> ParquetError? {
        var done = 0
        do throws(ParquetError) {
            while done < rows {
                try stream.advance()
                if page != stream.pageNumber { try begin(stream) }
                let segment = try stream.next(rows - done, validity: validity + done)
                try decode(into: target + done, count: segment.present, stream)
                Spreading.spread(
                    target + done,
                    rows: segment.rows,
                    present: segment.present,
                    validity: validity + done,
                    placeholder: Value.placeholder
                )
                done += segment.rows
            }
            return nil
        } catch {
            return error
        }
    }

    private func begin(_ stream: PageStream) throws(ParquetError) {
        page = stream.pageNumber
        do throws(DecodingFault) {
            switch stream.encoding {
            case .plain: layout = .plain(0)
            case .byteStreamSplit:
                layout = .split(total: stream.values.count / Self.width, next: 0)
            case .deltaBinaryPacked where Value.isInteger: layout = .delta(try DeltaDecoder(stream.values))
            case .plainDictionary, .rleDictionary:
                try loadDictionary(stream)
                layout = .indices(try IndexDecoder(stream.values, dictionaryCount: dictionary?.count))
            default:
                throw DecodingFault(
                    "\(stream.encoding.name) values in a \(stream.column.physicalType.name) column"
                )
            }
        } catch {
            throw stream.fault(error)
        }
    }

    private func loadDictionary(_ stream: PageStream) throws(DecodingFault) {
        guard dictionary == nil, let count = stream.dictionaryCount else { return }
        let bytes = stream.dictionaryBytes
        guard count <= bytes.count / Self.width else {
            throw DecodingFault("a dictionary of \(count) values in \(bytes.count) bytes")
        }
        dictionary = [Value](unsafeUninitializedCapacity: count) { room, initialized in
            UnsafeMutableRawBufferPointer(room).copyMemory(
                from: UnsafeRawBufferPointer(start: bytes.start, count: count * Self.width)
            )
            initialized = count
        }
    }

    private func decode(
        into target: UnsafeMutablePointer<Value>,
        count: Int,
        _ stream: PageStream
    ) throws(ParquetError) {
        guard count > 0 else { return }
        do throws(DecodingFault) {
            switch layout {
            case .plain(let start):
                let size = count * Self.width
                guard size <= stream.values.count - start else {
                    throw DecodingFault("the page ends within its values")
                }
                UnsafeMutableRawPointer(target).copyMemory(from: stream.values.start + start, byteCount: size)
                layout = .plain(start + size)
            case .split(let total, let next):
                guard count <= total - next else { throw DecodingFault("the page ends within its values") }
                ByteStreamSplit.join(
                    stream.values,
                    total: total,
                    width: Self.width,
                    next..<next + count,
                    into: target
                )
                layout = .split(total: total, next: next + count)
            case .delta(var decoder):
                defer { layout = .delta(decoder) }
                // Safe: begun for integers only; both have the size of their value.
                if Self.width == 8 {
                    try target.withMemoryRebound(to: UInt64.self, capacity: count) {
                        (room) throws(DecodingFault) in
                        try decoder.read(into: room, count: count)
                    }
                } else {
                    try target.withMemoryRebound(to: UInt32.self, capacity: count) {
                        (room) throws(DecodingFault) in
                        try decoder.read(into: room, count: count)
                    }
                }
            case .indices(var decoder):
                defer { layout = .indices(decoder) }
                try gather(&decoder, into: target, count: count)
            }
        } catch {
            throw stream.fault(error)
        }
    }

    private func gather(
        _ decoder: inout IndexDecoder,
        into target: UnsafeMutablePointer<Value>,
        count: Int
    ) throws(DecodingFault) {
        if indices.count < count { indices = [UInt32](repeating: 0, count: count) }
        var failure: DecodingFault?
        let entries = dictionary ?? []
        indices.withUnsafeMutableBufferPointer { indexes in
            guard let indexes = indexes.baseAddress else { return }
            do throws(DecodingFault) {
                try decoder.read(into: indexes, count: count)
            } catch {
                failure = error
                return
            }
            entries.withUnsafeBufferPointer { entries in
                guard let entries = entries.baseAddress else { return }
                // Safe: the decoder has checked every index against the dictionary.
                for index in 0..<count { target[index] = entries[Int(indexes[index])] }
            }
        }
        if let failure { throw failure }
    }
}

extension FixedWidthValue {
    static var isInteger: Bool { Self.self == Int32.self || Self.self == Int64.self }
}
