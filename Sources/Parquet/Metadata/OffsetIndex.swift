/// The location of each page of a column chunk.
public struct OffsetIndex: Sendable, Equatable {
    /// One data page.
    public struct Page: Sendable, Equatable {
        /// Where its header starts.
        public var offset: Int64
        /// Its bytes, header included.
        public var compressedSize: Int32
        /// Its first row, counted from the start of the row group.
        public var firstRow: Int64
    }

    /// The data pages in file order.
    public var pages: [Page] = []

    init() {}

    func write(to writer: inout ThriftWriter) {
        writer.field(1, list: pages, of: .structure) { writer, page in
            writer.element(structure: { body in
                body.field(1, page.offset)
                body.field(2, page.compressedSize)
                body.field(3, page.firstRow)
            })
        }
    }

    init(from reader: inout ThriftReader) throws(ThriftReader.Fault) {
        var read = OffsetIndex()
        try reader.structure { (reader, field) throws(ThriftReader.Fault) in
            guard field.id == 1 else { return try reader.skip(field) }
            try reader.list(field, of: .structure) { (item) throws(ThriftReader.Fault) in
                var page = Page(offset: 0, compressedSize: 0, firstRow: 0)
                try item.structure { (reader, field) throws(ThriftReader.Fault) in
                    switch field.id {
                    case 1: page.offset = try reader.int64(field)
                    case 2: page.compressedSize = try reader.int32(field)
                    case 3: page.firstRow = try reader.int64(field)
                    default: try reader.skip(field)
                    }
                }
                read.pages.append(page)
            }
        }
        self = read
    }
}
