import ArgumentParser

/// The command `atelier`: a list of subcommands, one file each.
@main
struct Atelier: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "atelier",
        abstract: "Turns live crypto exchange feeds into training data that can be trusted row by row.",
        discussion: """
            Record or import a session, replay it under a clock, build datasets:

              atelier import frames.jsonl.zst --out session.mcap --exchange bybit --market linear
              atelier replay session.mcap --clock trade-driven --period 100ms --out rows
            """,
        version: "atelier-data 0.1.0",
        subcommands: [ReplayCommand.self]
    )
}
