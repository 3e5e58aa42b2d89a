import ByteCoding
import MarketModel

/// The message `/digest` of a keyframe: a line a part, its SHA-256 and its name.
enum KeyframeDigest {
    static let topic = "/digest"

    static func text(of parts: [StatePart]) -> String {
        parts.map { part in
            "\(Hexadecimal.text(SHA256.digest(of: part.bytes.span.bytes)))  \(part.name)\n"
        }.joined()
    }

    /// The SHA-256 of a text, as hexadecimal text.
    static func root(_ text: String) -> String {
        Hexadecimal.text(SHA256.digest(of: text))
    }

    /// The digest over facts and keyframes, which detects any other value of either.
    static func seal(_ facts: [String: String], _ keyframes: [KeyframeIndex]) -> String {
        let lines = facts.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)\n" }
        return root((lines + keyframes.map { "\($0.number) \($0.text)\n" }).joined())
    }
}
