/// Decodes BOOLEAN.
final class BooleanDecoder: ValueDecoder {
    private var page = 0
    private var layout = Layout.bits(0)

    private enum Layout {
        case bits(Int)
        case runs(RunLengthDecoder)
    }

    func read(
        _ rows: Int,
        _ stream: PageStream,
        validity: UnsafeMutablePointer<UInt8>,
        reusing old: inout ColumnValues
    ) throws(ParquetError) -> ColumnValues {
        var failure: ParquetError?
        let values = [Bool](unsafeUninitializedCapacity: rows) { room, count in
            guard let base = room.baseAddress else { return }
            do throws(ParquetError) {
                while count < rows {
                    try stream.advance()
                    if page != stream.pageNumber { try begin(stream) }
                    let segment = try stream.next(rows - count, validity: validity + count)
                    try decode(into: base + count, count: segment.present, stream)
                    Spreading.spread(
                        base + count,
                        rows: segment.rows,
                        present: segment.present,
                        validity: validity + count,
                        placeholder: false
                    )
                    count += segment.rows
                }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return .boolean(values)
    }

    private func begin(_ stream: PageStream) throws(ParquetError) {
        page = stream.pageNumber
        switch stream.encoding {
        case .plain: layout = .bits(0)
        case .rle:
            // A page of nulls may leave out even the length.
            let bytes = stream.values
            guard bytes.count > 0 else {
                layout = .runs(RunLengthDecoder(bytes, width: 1))
                return
            }
            guard bytes.count >= 4 else { throw stream.fault("the page ends within its values") }
            let size = Int(UInt32(littleEndian: bytes.load(0, as: UInt32.self)))
            guard size <= bytes.count - 4 else {
                throw stream.fault("runs of \(size) bytes in \(bytes.count)")
            }
            layout = .runs(RunLengthDecoder(bytes.dropping(4).prefix(size), width: 1))
        default: throw stream.fault("\(stream.encoding.name) values in a BOOLEAN column")
        }
    }

    private func decode(
        into target: UnsafeMutablePointer<Bool>,
        count: Int,
        _ stream: PageStream
    ) throws(ParquetError) {
        guard count > 0 else { return }
        switch layout {
        case .bits(let start):
            let bytes = stream.values
            guard count <= bytes.count * 8 - start else {
                throw stream.fault("the page ends within its values")
            }
            for index in 0..<count {
                let bit = start + index
                target[index] = bytes.load(bit >> 3, as: UInt8.self) >> UInt8(bit & 7) & 1 == 1
            }
            layout = .bits(start + count)
        case .runs(var decoder):
            do throws(DecodingFault) {
                var flag: UInt8 = 0
                for index in 0..<count {
                    try decoder.read(into: &flag, count: 1)
                    target[index] = flag & 1 == 1
                }
            } catch {
                throw stream.fault(error)
            }
            layout = .runs(decoder)
        }
    }
}
