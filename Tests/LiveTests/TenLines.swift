import Capture
import Exchanges
import Features
import Live
import MarketModel
import Sinks
import Synchronizer

// The program of docs/RECORD.md, compiled so that it stays right.

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
