/// Rejects TOML texts nested too deeply for the parser, which recurses for each part of a dotted key and
/// each nested list or table.
enum TOMLBounds {
    /// Where a text exceeds a limit, and which.
    struct Fault: Error, Equatable {
        var line: Int
        var reason: String
    }

    static let greatestDepth = 64
    static let longestKey = 1_024

    /// The first place where a text exceeds a limit; nil if there is none.
    ///
    /// Cost: one pass.
    static func fault(in text: String) -> Fault? {
        var scan = Scan(bytes: Array(text.utf8))
        while scan.position < scan.bytes.count {
            if let reason = scan.step() {
                let line = 1 + scan.bytes[..<scan.position].count { $0 == UInt8(ascii: "\n") }
                return Fault(line: line, reason: reason)
            }
        }
        return nil
    }

    /// Scans a text, recognizing only strings and comments.
    private struct Scan {
        let bytes: [UInt8]
        var position = 0
        /// Open lists and tables.
        private var depth = 0
        /// Where the current key began, and its dots.
        private var start = 0
        private var dots = 0

        init(bytes: [UInt8]) { self.bytes = bytes }

        /// Skips one character, string or comment; returns the limit exceeded there, if any.
        mutating func step() -> String? {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                skipString(byte)
                return nil
            case UInt8(ascii: "#"):
                while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
                return nil
            case UInt8(ascii: "."): dots += 1
            case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"): depth = max(0, depth - 1)
            default: break
            }
            if dots >= greatestDepth { return "a key has more than \(greatestDepth) parts" }
            if depth > greatestDepth { return "lists and tables nest deeper than \(greatestDepth)" }
            if byte == UInt8(ascii: "="), position - start > longestKey {
                return "a key has more than \(longestKey) bytes"
            }
            position += 1
            if "=[]{},\n".utf8.contains(byte) { (start, dots) = (position, 0) }
            return nil
        }

        /// Skips a string; an unterminated one is left to the parser.
        private mutating func skipString(_ quote: UInt8) {
            let isLong = isTriple(quote)
            position += isLong ? 3 : 1
            while position < bytes.count {
                if bytes[position] == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
                    position += 2
                } else if isLong ? isTriple(quote) : bytes[position] == quote {
                    position += isLong ? 3 : 1
                    return
                } else if !isLong, bytes[position] == UInt8(ascii: "\n") {
                    return
                } else {
                    position += 1
                }
            }
            position = min(position, bytes.count)
        }

        private func isTriple(_ quote: UInt8) -> Bool {
            position + 2 < bytes.count && bytes[position] == quote && bytes[position + 1] == quote
                && bytes[position + 2] == quote
        }
    }
}
