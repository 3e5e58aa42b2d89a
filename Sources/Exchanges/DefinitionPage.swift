public import MarketModel

/// A page of what a market offers.
public struct DefinitionPage: Equatable, Sendable {
    /// The definitions on it.
    public var list: DefinitionList
    /// Where the next page begins; nil on the last.
    public var next: String?

    /// A page with the cursor of the next.
    public init(list: DefinitionList, next: String?) {
        self.list = list
        self.next = next
    }

    /// The path of the page of `query` that begins at a cursor, the ``next`` of the page before.
    public static func path(_ query: String, cursor: String) -> String {
        "\(query)\(query.contains("?") ? "&" : "?")cursor=\(cursor.queryLiteral)"
    }
}

extension String {
    /// The text as a value in a query; what is encoded already stays as it is.
    var queryLiteral: String {
        let digits = Array("0123456789ABCDEF")
        return utf8.reduce(into: "") { literal, byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x25, 0x2d, 0x2e, 0x5f, 0x7e:
                literal.unicodeScalars.append(Unicode.Scalar(byte))
            default: literal += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }
    }
}
