import ArgumentParser
import ByteCoding

/// A failure with a complete text.
struct CommandFailure: Error, CustomStringConvertible {
    let description: String

    init(_ text: String) { description = text }
}
