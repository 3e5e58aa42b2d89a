import ArgumentParser
import Atelier
import Glibc

/// The command `atelier`: a list of subcommands, one file each.
@main
struct Atelier: AsyncParsableCommand {
    /// The program that wrote a file, as manifests name it.
    static let version = AtelierData.version

    static let configuration = CommandConfiguration(
        commandName: "atelier",
        abstract: "Turns live crypto exchange feeds into training data that can be trusted row by row.",
        discussion: """
            Record or import a session, replay it under a clock, build datasets:

              atelier import frames.jsonl.zst --out session.mcap --exchange \(HelpExample.usual.exchange) --market \(HelpExample.usual.market)
              atelier replay session.mcap --clock trade-driven --period 100ms --out rows
            """,
        version: version,
        subcommands: [
            RecordCommand.self,
            LiveCommand.self,
            ImportCommand.self,
            InfoCommand.self,
            CatCommand.self,
            ExportCommand.self,
            VerifyCommand.self,
            RecoverCommand.self,
            ReplayCommand.self,
            StateCommand.self,
            KeyframesCommand.self,
            ReportCommand.self,
            SimulateCommand.self,
            ServeCommand.self,
            DatasetCommand.self,
            StatsCommand.self,
            BenchCommand.self,
        ]
    )

    /// Runs the command; an invalid command line ends with ``ExitCode/usage``.
    static func main() async {
        // Makes a file-size limit an error of the write, like a full disk, instead of ending the process.
        signal(SIGXFSZ, SIG_IGN)
        // The parent may have ignored SIGPIPE; a reader that stops early must still end the command.
        signal(SIGPIPE, SIG_DFL)
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            end(with: error)
        }
        if Console.finish() { exit(withError: ExitCode.failure) }
    }

    /// Reports an error and ends the process.
    private static func end(with error: any Error) -> Never {
        let code = exitCode(for: error)
        // Help and version go to standard output.
        if code == .success { exit(withError: error) }
        let isUsage = code == .validationFailure
        let message = isUsage ? CommandLineText.escaped(in: fullMessage(for: error)) : fullMessage(for: error)
        if isUsage {
            for line in message.split(separator: "\n", omittingEmptySubsequences: false) {
                Console.report(String(line))
            }
        } else if !message.isEmpty {
            Console.report(message)
        }
        _ = Console.finish()
        exit(withError: isUsage ? ExitCode.usage : code)
    }
}
