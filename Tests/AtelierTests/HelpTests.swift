import Foundation
import Testing

/// The help of every command.
struct HelpTests {
    /// The subcommands that `atelier --help` lists; those with subcommands of their own are followed.
    static let commands: [[String]] = {
        guard let scratch = try? Scratch() else { return [] }
        return names(of: [], scratch)
    }()

    private static func names(of command: [String], _ scratch: Scratch) -> [[String]] {
        guard let help = try? AtelierProcess(command + ["--help"], in: scratch).output,
            let list = help.components(separatedBy: "SUBCOMMANDS:\n").dropFirst().first
        else { return command.isEmpty ? [] : [command] }
        let own = list.split(separator: "\n").filter { $0.hasPrefix("  ") && !$0.hasPrefix("    ") }
            .map { command + [String($0.drop { $0 == " " }.prefix { $0 != " " })] }
            .filter { $0.last != "See" && $0.last != "help" && $0.last?.isEmpty == false }
        return own.flatMap { names(of: $0, scratch) }
    }

    @Test func `the commands are listed`() {
        #expect(HelpTests.commands.contains(["replay"]))
        #expect(HelpTests.commands.contains(["import"]))
        #expect(HelpTests.commands.count >= 4)
    }

    @Test(arguments: HelpTests.commands)
    func `help explains a command and shows examples whose options exist`(_ command: [String]) throws {
        let scratch = try Scratch()
        let help = try AtelierProcess(command + ["--help"], in: scratch)
        #expect(help.code == 0)
        #expect(help.output.contains("OVERVIEW:"))
        #expect(help.output.contains("USAGE: atelier \(command.joined(separator: " "))"))
        let examples = help.output.split(separator: "\n").filter { $0.contains("  atelier ") }
        #expect(!examples.isEmpty, "\(command): no examples")
        let known = HelpTests.options(in: help.output.components(separatedBy: "USAGE:").last ?? "")
        for example in examples {
            for option in HelpTests.options(in: String(example.prefix { $0 != "|" && $0 != "#" })) {
                #expect(known.contains(option) || example.contains("atelier import"), "\(example): \(option)")
            }
        }
    }

    @Test(arguments: HelpTests.commands)
    func `an unknown option is a usage error`(_ command: [String]) throws {
        let run = try AtelierProcess(command + ["--no-such-option"], in: Scratch())
        #expect(run.code == 2)
        #expect(run.output.isEmpty)
        #expect(run.errors.contains("Usage:") || run.errors.contains("USAGE:"))
    }

    @Test func `an unknown command is a usage error`() throws {
        #expect(try AtelierProcess(["replai"], in: Scratch()).code == 2)
    }

    @Test func `the version is printed`() throws {
        let run = try AtelierProcess(["--version"], in: Scratch())
        #expect(run.code == 0)
        #expect(run.output.hasPrefix("atelier-data "))
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func `shell completions know the commands`(_ shell: String) throws {
        let run = try AtelierProcess(["--generate-completion-script", shell], in: Scratch())
        #expect(run.code == 0)
        #expect(run.output.contains("replay") && run.output.contains("clock"))
    }

    /// The page lists every command and exactly the options that its help lists.
    @Test(arguments: HelpTests.commands)
    func `the page of commands is true`(_ command: [String]) throws {
        let page = try String(contentsOfFile: AtelierProcess.package + "/docs/COMMANDS.md", encoding: .utf8)
        let title = "## atelier \(command.joined(separator: " "))\n"
        let section = try #require(
            page.components(separatedBy: title).dropFirst().first?.components(separatedBy: "\n## ").first,
            "docs/COMMANDS.md has no section \(title)"
        )
        let help = try AtelierProcess(command + ["--help"], in: Scratch()).output
        let usage = help.components(separatedBy: "USAGE:").last ?? ""
        #expect(
            HelpTests.options(in: section).subtracting(["--help", "--version"])
                == HelpTests.options(in: usage).subtracting(["--help", "--version"])
        )
    }

    static func options(in text: String) -> Set<String> {
        let words = text.split { !($0.isLetter || $0.isNumber || $0 == "-") }
        return Set(
            words.filter { $0.hasPrefix("--") && $0.dropFirst(2).first?.isLetter == true }.map(String.init)
        )
    }
}
