import ByteCoding

/// The layout of arrays in a tensor file, as far as naming a row needs it.
struct TensorLayout {
    /// One array: its offset in the file and the bytes of one step of its first axis.
    struct Array: Equatable {
        var name: String
        var start: UInt64
        var end: UInt64
        var rowBytes: UInt64
    }

    var arrays: [Array]

    /// Reads the header of a `.npy` or `.safetensors` file that this module wrote; nil if it is not one.
    init?(path: String) {
        guard let file = try? FileReader(path: path) else { return nil }
        if path.hasSuffix(".npy") {
            self.init(numpy: file)
        } else {
            self.init(safetensors: file)
        }
    }

    private init?(numpy file: FileReader) {
        guard let head = TensorLayout.text(file, 0, Int(min(file.size, 128))), head.count > 10 else {
            return nil
        }
        let length = 10 + UInt64(head[8]) + UInt64(head[9]) << 8
        guard let bytes = TensorLayout.text(file, 10, Int(clamping: length) - 10) else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        let shape = TensorLayout.numbers(in: text, after: "'shape': (", until: ")")
        guard let rows = shape.first, file.size >= length else { return nil }
        let name = file.path.split(separator: "/").last.map { String($0.dropLast(4)) } ?? ""
        let size = file.size - length
        arrays = [Array(name: name, start: length, end: file.size, rowBytes: rows == 0 ? size : size / rows)]
    }

    private init?(safetensors file: FileReader) {
        guard let head = TensorLayout.text(file, 0, 8) else { return nil }
        let length = head.reversed().reduce(0) { $0 << 8 | UInt64($1) }
        guard length <= min(file.size, 100 << 20), let bytes = TensorLayout.text(file, 8, Int(length)) else {
            return nil
        }
        var rest = Substring(String(decoding: bytes, as: UTF8.self))
        arrays = []
        while let mark = rest.range(of: "\":{\"dtype\":") {
            let name = rest[..<mark.lowerBound].split(separator: "\"").last.map(String.init) ?? ""
            rest = rest[mark.upperBound...]
            let shape = TensorLayout.numbers(in: String(rest), after: "\"shape\":[", until: "]")
            let position = TensorLayout.numbers(in: String(rest), after: "\"data_offsets\":[", until: "]")
            guard let rows = shape.first, position.count == 2, position[0] <= position[1] else { return nil }
            let size = position[1] - position[0]
            arrays.append(
                Array(
                    name: name,
                    start: 8 + length + position[0],
                    end: 8 + length + position[1],
                    rowBytes: rows == 0 ? size : size / rows
                )
            )
        }
    }

    /// The array and its row at a byte of the file.
    func row(at offset: UInt64) -> (array: String, row: UInt64)? {
        guard let found = arrays.first(where: { $0.start <= offset && offset < $0.end }), found.rowBytes > 0
        else {
            return nil
        }
        return (found.name, (offset - found.start) / found.rowBytes)
    }

    private static func text(_ file: FileReader, _ offset: UInt64, _ count: Int) -> [UInt8]? {
        var buffer = GrowableBytes()
        guard count >= 0, (try? file.read(at: offset, count: count, appendingTo: &buffer)) != nil else {
            return nil
        }
        return buffer.bytes.withUnsafeBytes { [UInt8]($0) }
    }

    private static func numbers(in text: String, after mark: String, until end: Character) -> [UInt64] {
        guard let found = text.range(of: mark) else { return [] }
        return text[found.upperBound...].prefix { $0 != end }.split(whereSeparator: { !$0.isNumber })
            .compactMap { UInt64($0) }
    }
}

extension StringProtocol {
    /// The first range of `mark`.
    fileprivate func range(of mark: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(mark) { return start..<index(start, offsetBy: mark.count) }
            formIndex(after: &start)
        }
        return nil
    }
}
