import MarketModel

/// A writer of well-formed XHTML, which is also HTML: elements are closed and texts escaped.
package struct Markup: Sendable {
    /// What was written so far.
    package private(set) var text: String

    /// An attribute's name and value.
    package typealias Attribute = (name: String, value: String)

    /// A document that begins with a declaration, or a part of one.
    package init(_ declaration: StaticString = "") { text = "\(declaration)" }

    /// Writes an element and its content.
    package mutating func element(
        _ name: StaticString,
        _ attributes: [Attribute] = [],
        _ body: (inout Markup) -> Void
    ) {
        open(name, attributes)
        text += ">"
        body(&self)
        text += "</\(name)>"
    }

    /// Writes an element that holds a text.
    package mutating func element(_ name: StaticString, _ attributes: [Attribute] = [], text: String) {
        element(name, attributes) { $0.write(text) }
    }

    /// Writes an element of a class that holds a text.
    package mutating func element(_ name: StaticString, class style: String, text: String) {
        element(name, [("class", style)], text: text)
    }

    /// Writes an element that holds nothing.
    package mutating func void(_ name: StaticString, _ attributes: [Attribute]) {
        open(name, attributes)
        text += "/>"
    }

    /// Writes a text.
    package mutating func write(_ content: String) { Self.escape(content, into: &text) }

    /// Begins a new line of the file.
    package mutating func newLine() { text += "\n" }

    private mutating func open(_ name: StaticString, _ attributes: [Attribute]) {
        text += "<\(name)"
        for attribute in attributes {
            text += " \(attribute.name)=\""
            Self.escape(attribute.value, into: &text)
            text += "\""
        }
    }

    /// Characters that XML forbids, or that reorder the text around them, are shown as code points.
    private static func escape(_ content: String, into text: inout String) {
        for scalar in content.unicodeScalars {
            switch scalar {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            case "\n": text += "\n"
            default:
                if PrintableText.isHidden(scalar) {
                    text += "\\u{\(String(scalar.value, radix: 16))}"
                } else {
                    text.unicodeScalars.append(scalar)
                }
            }
        }
    }
}
