import MarketModel
import Recording

/// The parts of a state, for people and machines.
struct StateListing {
    private let state: StateFile
    private let digests: [String]

    init(_ state: StateFile) { (self.state, digests) = (state, state.digests) }

    private var byteCount: Int { state.parts.reduce(0) { $0 + $1.bytes.count } }

    var json: JSONOutput {
        .object([
            ("frames", state.facts["frames"].flatMap { Int($0) }.map { .integer($0) } ?? .null),
            ("time_ns", .wide(state.time)), ("options", .optional(state.facts["options"])),
            ("bytes", .integer(byteCount)), ("digest", .string(state.root)),
            (
                "parts",
                .array(
                    zip(state.parts, digests).map { part, digest in
                        .object([
                            ("name", .string(part.name)), ("bytes", .integer(part.bytes.count)),
                            ("sha256", .string(digest)),
                        ])
                    }
                )
            ),
        ])
    }

    var text: String {
        let rows = zip(state.parts, digests).map { part, digest in
            [PrintableText.escaped(part.name), String(part.bytes.count), digest]
        }
        let frames = PrintableText.escaped(state.facts["frames"] ?? "?")
        return """
            frames  \(frames), the last received at \(UnixTime.rfc3339(state.time))
            parts   \(state.parts.count), \(byteCount) bytes

            \(TextTable(header: ["part", "bytes", "sha256"], rows: rows).text)

            digest  \(state.root)
            """
    }
}
