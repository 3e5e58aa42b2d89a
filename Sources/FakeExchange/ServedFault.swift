/// Something that goes wrong at a frame (of all frames served) or at a connection.
public struct ServedFault: Sendable, Equatable {
    /// What.
    public enum Kind: String, Sendable, CaseIterable {
        /// The frame is not sent.
        case drop
        /// The frame is sent twice.
        case duplicate
        /// A byte in the frame's middle is changed.
        case corrupt
        /// Nothing is sent any more on this connection, which stays open.
        case stall
        /// The connection is closed, with a code.
        case close
        /// The connection is refused: counts connections, not frames.
        case refuse
    }

    /// What.
    public let kind: Kind
    /// At which count, from 1.
    public let count: UInt64
    /// Whether it comes again at every multiple.
    public let repeats: Bool
    /// The code of a close.
    public let code: UInt16

    /// Reads `close@500`, `close@500:1012`, `drop/100` (every hundredth); nil if it is none.
    public init?(_ text: String) {
        let mark: Character = text.contains("@") ? "@" : "/"
        let parts = text.split(separator: mark, maxSplits: 1)
        guard parts.count == 2, let kind = Kind(rawValue: String(parts[0])) else { return nil }
        let numbers = parts[1].split(separator: ":", maxSplits: 1)
        guard let first = numbers.first, let count = UInt64(first), count > 0 else { return nil }
        var code: UInt16 = 1012
        if numbers.count == 2 {
            guard kind == .close, let given = UInt16(numbers[1]), (1000...4999).contains(given) else {
                return nil
            }
            code = given
        }
        (self.kind, self.count, self.code, repeats) = (kind, count, code, mark == "/")
    }

    /// Whether it strikes at a count.
    func strikes(_ number: UInt64) -> Bool { repeats ? number % count == 0 : number == count }
}
