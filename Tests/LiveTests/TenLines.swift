import Atelier

// The programs of README.md and docs/RECORD.md, compiled so that they stay right.

func writeRows(of recording: String, to folder: String) throws -> [String] {
    var replay = try Replay(paths: [recording], options: ReplayOptions())
    let files = MarketFileSink(root: folder)
    while let row = try replay.next() { try files.write(row) }
    return try files.finish().files
}

func buildDataset(of recording: String, in folder: String) throws -> [String] {
    var plan = DatasetPlan()
    plan.recordings = [recording]
    plan.labels = [try LabelDefinition("direction:10")]
    return try DatasetBuilder(plan).build(to: folder, replacing: false).warnings
}

func watch(endpoint: String?, folder: String) async throws {
    let feeds = [Subscription([.book, .trades], symbol: "BTCUSDT", depth: 50)]
    let bybit = CapturePlan.Connection(
        exchange: .bybit,
        market: .linear,
        subscriptions: feeds,
        endpoint: endpoint
    )
    let plan = CapturePlan(connections: [bybit], folder: folder)
    let channel = ChannelSink()
    let rows = channel.rows("rows.bybit.linear.BTCUSDT")
    let session = try LiveSession(plan, options: SynchronizerOptions(), sinks: [channel])
    try session.begin()
    for await row in rows.prefix(10) { print(row.instrument, row.aggregate.ts) }
    _ = session.end()
}
