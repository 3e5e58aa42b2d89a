import MarketModel

/// Words of the command line inside messages of ours.
enum CommandLineText {
    /// The message with every word of the command line escaped where it is named, so that the line ends left are
    /// the message's own.
    static func escaped(in message: String, arguments: [String] = CommandLine.arguments) -> String {
        var message = message
        for argument in arguments.dropFirst() {
            // An option's value stands behind `=`, a list's entries between commas.
            let words = argument.split { $0 == "=" || $0 == "," }.map(String.init)
            for word in [argument] + words where PrintableText.escaped(word) != word {
                message = message.replacing(word, with: PrintableText.escaped(word))
            }
        }
        return message
    }
}
