/// A frame as it may be shown to people: without the values of members that are of persons.
public struct FrameSample {
    private var bytes: [UInt8] = []

    /// What stands in the place of a value that is not shown.
    private static let mark = Array(#""…""#.utf8)

    /// Leaves out the values of all members of these names; of a text that is no JSON everything, unless there are none.
    ///
    /// Cost: a walk through the whole frame.
    public init(_ frame: RawSpan, without members: [StaticString]) {
        guard !members.isEmpty else {
            bytes = frame.withUnsafeBytes { Array($0) }
            return
        }
        guard JSONValidator.isValid(frame) else {
            bytes = Self.mark
            return
        }
        var shown = 0
        Self.hide(members, .root(of: frame), frame) { hidden in
            bytes += frame.extracting(shown..<hidden.start).withUnsafeBytes { Array($0) } + Self.mark
            shown = hidden.end
        }
        bytes += frame.extracting(shown..<frame.byteCount).withUnsafeBytes { Array($0) }
    }

    /// The beginning of the text, at most so many bytes.
    public func text(atMost limit: Int) -> String { String(decoding: bytes.prefix(limit), as: UTF8.self) }

    /// Calls `body` with the values that are hidden, in order.
    private static func hide(
        _ names: [StaticString],
        _ value: JSONValue,
        _ text: RawSpan,
        _ body: (JSONValue) -> Void
    ) {
        var members = value.members(in: text)
        while let (key, member) = members.next(in: text) {
            if names.contains(where: { key.isString($0, in: text) }) {
                body(member)
            } else {
                hide(names, member, text, body)
            }
        }
        var elements = value.elements(in: text)
        while let element = elements.next(in: text) { hide(names, element, text, body) }
    }
}
