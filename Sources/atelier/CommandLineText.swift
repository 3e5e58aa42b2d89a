import MarketModel

/// Words of the command line in our messages.
enum CommandLineText {
    /// The message with every quoted word of the command line escaped, so that remaining line breaks are
    /// the message's own.
    static func escaped(in message: String, arguments: [String] = CommandLine.arguments) -> String {
        var message = message
        for argument in arguments.dropFirst() {
            // An option's value follows `=`; a list's entries are separated by commas.
            let words = argument.split { $0 == "=" || $0 == "," }.map(String.init)
            for word in [argument] + words where PrintableText.escaped(word) != word {
                message = message.replacing(word, with: PrintableText.escaped(word))
            }
        }
        return message
    }
}
