/// Decodes FIXED_LEN_BYTE_ARRAY and INT96.
final class FixedDecoder: ValueDecoder {
    private let width: Int
    private let limit: Int
    private var page = 0
    private var layout = Layout.plain(0)
    private var dictionary: [UInt8]?
    private var indices: [UInt32] = []

    private enum Layout {
        case plain(Int)
        case split(total: Int, next: Int)
        case prefixes(PrefixDecoder)
        case indices(IndexDecoder)
    }

    /// Decodes values of `width` bytes, at most `limit` bytes a batch.
    init(width: Int, limit: Int) {
        self.width = width
        self.limit = limit
    }

    func read(
        _ rows: Int,
        _ stream: PageStream,
        validity: UnsafeMutablePointer<UInt8>,
        reusing old: inout ColumnValues
    ) throws(ParquetError) -> ColumnValues {
        let rows = min(rows, max(1, limit / width))
        var failure: ParquetError?
        let bytes = [UInt8](unsafeUninitializedCapacity: rows * width) { room, count in
            guard let base = room.baseAddress else { return }
            do throws(ParquetError) {
                var done = 0
                while done < rows {
                    try stream.advance()
                    if page != stream.pageNumber { try begin(stream) }
                    let segment = try stream.next(rows - done, validity: validity + done)
                    let target = base + done * width
                    try decode(into: target, count: segment.present, stream)
                    spread(target, segment, validity + done)
                    done += segment.rows
                    count = done * width
                }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return .fixed(FixedByteArrays(width: width, bytes: bytes))
    }

    private func spread(
        _ target: UnsafeMutablePointer<UInt8>,
        _ segment: PageStream.Segment,
        _ validity: UnsafePointer<UInt8>
    ) {
        var (source, row) = (segment.present, segment.rows)
        while row > source {
            row -= 1
            if validity[row] == 1 {
                source -= 1
                (target + row * width).update(from: target + source * width, count: width)
            } else {
                (target + row * width).update(repeating: 0, count: width)
            }
        }
    }

    private func begin(_ stream: PageStream) throws(ParquetError) {
        page = stream.pageNumber
        do throws(DecodingFault) {
            switch stream.encoding {
            case .plain: layout = .plain(0)
            case .byteStreamSplit: layout = .split(total: stream.values.count / width, next: 0)
            case .deltaByteArray: layout = .prefixes(try PrefixDecoder(stream.values))
            case .plainDictionary, .rleDictionary:
                try loadDictionary(stream)
                let count = dictionary.map { $0.count / width }
                layout = .indices(try IndexDecoder(stream.values, dictionaryCount: count))
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
        guard count <= bytes.count / width else {
            throw DecodingFault("a dictionary of \(count) values in \(bytes.count) bytes")
        }
        dictionary = Array(UnsafeRawBufferPointer(start: bytes.start, count: count * width))
    }

    private func decode(
        into target: UnsafeMutablePointer<UInt8>,
        count: Int,
        _ stream: PageStream
    ) throws(ParquetError) {
        do throws(DecodingFault) {
            switch layout {
            case .plain(let start):
                let size = count * width
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
                    width: width,
                    next..<next + count,
                    into: target
                )
                layout = .split(total: total, next: next + count)
            case .prefixes(var decoder):
                for index in 0..<count {
                    let value = try decoder.next()
                    guard value.count == width else {
                        throw DecodingFault("a value of \(value.count) bytes, expected \(width)")
                    }
                    value.withUnsafeBufferPointer { source in
                        guard let source = source.baseAddress else { return }
                        (target + index * width).update(from: source, count: width)
                    }
                }
                layout = .prefixes(decoder)
            case .indices(var decoder):
                try gather(&decoder, into: target, count: count)
                layout = .indices(decoder)
            }
        } catch {
            throw stream.fault(error)
        }
    }

    private func gather(
        _ decoder: inout IndexDecoder,
        into target: UnsafeMutablePointer<UInt8>,
        count: Int
    ) throws(DecodingFault) {
        if indices.count < count { indices = [UInt32](repeating: 0, count: count) }
        var failure: DecodingFault?
        indices.withUnsafeMutableBufferPointer { indexes in
            guard let indexes = indexes.baseAddress else { return }
            do throws(DecodingFault) {
                try decoder.read(into: indexes, count: count)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        (dictionary ?? []).withUnsafeBufferPointer { entries in
            guard let entries = entries.baseAddress else { return }
            // Safe: the decoder has checked every index against the dictionary.
            for index in 0..<count {
                (target + index * width).update(from: entries + Int(indices[index]) * width, count: width)
            }
        }
    }
}
