import ArgumentParser
import ByteCoding

/// A failure with a text that says all.
struct CommandFailure: Error, CustomStringConvertible {
    let description: String

    init(_ text: String) { description = text }
}
