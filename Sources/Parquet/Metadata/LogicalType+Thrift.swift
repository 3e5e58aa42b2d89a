extension LogicalType {
    /// The number of the equivalent older annotation, if there is one.
    var convertedType: Int32? {
        switch self {
        case .string: 0
        case .enumeration: 4
        case .decimal: 5
        case .date: 6
        case .time(.milliseconds, _): 7
        case .time(.microseconds, _): 8
        case .timestamp(.milliseconds, _): 9
        case .timestamp(.microseconds, _): 10
        case .integer(let bits, let isSigned):
            (isSigned ? 15 : 11) + Int32(bits.trailingZeroBitCount - 3)
        case .json: 19
        case .bson: 20
        case .interval: 21
        default: nil
        }
    }

    init?(convertedType: Int32, precision: Int32?, scale: Int32?) {
        switch convertedType {
        case 0: self = .string
        case 1: self = .other("MAP")
        case 2: self = .other("MAP_KEY_VALUE")
        case 3: self = .other("LIST")
        case 4: self = .enumeration
        case 5: self = .decimal(precision: precision ?? 0, scale: scale ?? 0)
        case 6: self = .date
        case 7: self = .time(unit: .milliseconds, isUTC: true)
        case 8: self = .time(unit: .microseconds, isUTC: true)
        case 9: self = .timestamp(unit: .milliseconds, isUTC: true)
        case 10: self = .timestamp(unit: .microseconds, isUTC: true)
        case 11...14: self = .integer(bits: 8 << Int8(convertedType - 11), isSigned: false)
        case 15...18: self = .integer(bits: 8 << Int8(convertedType - 15), isSigned: true)
        case 19: self = .json
        case 20: self = .bson
        case 21: self = .interval
        default: return nil
        }
    }

    func write(to writer: inout ThriftWriter, field: Int16) {
        if case .interval = self { return }
        if case .other = self { return }
        writer.field(
            field,
            structure: { body in
                switch self {
                case .string: body.field(1, structure: { _ in })
                case .enumeration: body.field(4, structure: { _ in })
                case .decimal(let precision, let scale):
                    body.field(
                        5,
                        structure: {
                            $0.field(1, scale)
                            $0.field(2, precision)
                        }
                    )
                case .date: body.field(6, structure: { _ in })
                case .time(let unit, let isUTC): Self.writeTime(&body, 7, unit, isUTC)
                case .timestamp(let unit, let isUTC): Self.writeTime(&body, 8, unit, isUTC)
                case .integer(let bits, let isSigned):
                    body.field(
                        10,
                        structure: {
                            $0.field(1, byte: bits)
                            $0.field(2, isSigned)
                        }
                    )
                case .null: body.field(11, structure: { _ in })
                case .json: body.field(12, structure: { _ in })
                case .bson: body.field(13, structure: { _ in })
                case .uuid: body.field(14, structure: { _ in })
                case .float16: body.field(15, structure: { _ in })
                case .interval, .other: break
                }
            }
        )
    }

    private static func writeTime(_ body: inout ThriftWriter, _ id: Int16, _ unit: TimeUnit, _ isUTC: Bool) {
        body.field(
            id,
            structure: { time in
                time.field(1, isUTC)
                time.field(2, structure: { $0.field(unit.fieldID, structure: { _ in }) })
            }
        )
    }

    /// Reads the union; an unknown member has its number as its name.
    init?(from reader: inout ThriftReader) throws(ThriftReader.Fault) {
        var found: LogicalType?
        try reader.structure { (reader, field) throws(ThriftReader.Fault) in
            try reader.expect(field, .structure)
            switch field.id {
            case 5: found = try Self.readDecimal(&reader)
            case 7, 8: found = try Self.readTime(&reader, isTimestamp: field.id == 8)
            case 10: found = try Self.readInteger(&reader)
            default:
                try reader.skip(field)
                found = Self.plain(field.id)
            }
        }
        guard let found else { return nil }
        self = found
    }

    private static func plain(_ id: Int16) -> LogicalType {
        switch id {
        case 1: .string
        case 2: .other("MAP")
        case 3: .other("LIST")
        case 4: .enumeration
        case 6: .date
        case 11: .null
        case 12: .json
        case 13: .bson
        case 14: .uuid
        case 15: .float16
        case 16: .other("VARIANT")
        case 17: .other("GEOMETRY")
        case 18: .other("GEOGRAPHY")
        case 19: .other("VECTOR")
        default: .other("LOGICAL_TYPE_\(id)")
        }
    }

    private static func readDecimal(_ reader: inout ThriftReader) throws(ThriftReader.Fault) -> LogicalType {
        var (scale, precision) = (Int32(0), Int32(0))
        try reader.structure { (reader, field) throws(ThriftReader.Fault) in
            switch field.id {
            case 1: scale = try reader.int32(field)
            case 2: precision = try reader.int32(field)
            default: try reader.skip(field)
            }
        }
        return .decimal(precision: precision, scale: scale)
    }

    private static func readInteger(_ reader: inout ThriftReader) throws(ThriftReader.Fault) -> LogicalType {
        var (bits, isSigned) = (Int8(0), true)
        try reader.structure { (reader, field) throws(ThriftReader.Fault) in
            switch field.id {
            case 1: bits = try reader.int8(field)
            case 2: isSigned = try reader.bool(field)
            default: try reader.skip(field)
            }
        }
        return .integer(bits: bits, isSigned: isSigned)
    }

    private static func readTime(
        _ reader: inout ThriftReader,
        isTimestamp: Bool
    ) throws(ThriftReader.Fault) -> LogicalType {
        var (unit, isUTC) = (Int16(0), false)
        try reader.structure { (reader, field) throws(ThriftReader.Fault) in
            switch field.id {
            case 1: isUTC = try reader.bool(field)
            case 2:
                try reader.expect(field, .structure)
                try reader.structure { (reader, field) throws(ThriftReader.Fault) in
                    unit = field.id
                    try reader.skip(field)
                }
            default: try reader.skip(field)
            }
        }
        // A unit of a later version of the format is not mistaken for a known one.
        guard let known = TimeUnit(fieldID: unit) else {
            return .other("\(isTimestamp ? "TIMESTAMP" : "TIME")(UNIT_\(unit))")
        }
        return isTimestamp ? .timestamp(unit: known, isUTC: isUTC) : .time(unit: known, isUTC: isUTC)
    }
}

extension TimeUnit {
    var fieldID: Int16 {
        switch self {
        case .milliseconds: 1
        case .microseconds: 2
        case .nanoseconds: 3
        }
    }

    init?(fieldID: Int16) {
        switch fieldID {
        case 1: self = .milliseconds
        case 2: self = .microseconds
        case 3: self = .nanoseconds
        default: return nil
        }
    }
}
