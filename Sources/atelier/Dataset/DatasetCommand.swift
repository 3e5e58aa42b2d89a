import ArgumentParser

/// `atelier dataset`: training sets from recordings.
struct DatasetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dataset",
        abstract: "Builds training sets from recordings, proves them free of leaks, builds them again.",
        discussion: """
            Examples:
              atelier dataset build session.mcap --features microstructure,book:10 \\
                --labels direction:10,direction:50 --window 32 --normalise z-score --out set
              atelier dataset build --plan plan.toml --out set
              atelier dataset audit set
              atelier dataset verify set
              atelier dataset describe --features
            """,
        subcommands: [
            DatasetBuildCommand.self, DatasetAuditCommand.self, DatasetVerifyCommand.self,
            DatasetDescribeCommand.self,
        ]
    )
}
