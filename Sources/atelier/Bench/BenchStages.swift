import ByteCoding
import Exchanges
import Features
import MarketFiles
import MarketModel
import Measurement
import OrderBooks
import Pipeline
import Recording
import Replay
import Synchronizer

/// The time of a replay's stages: seconds for the whole input.
struct BenchStages {
    var decompress = 0.0
    var decode = 0.0
    var book = 0.0
    var synchronize = 0.0
    var aggregate = 0.0
    var write = 0.0

    /// The stages by name, in processing order.
    var all: [(String, Double)] {
        [
            ("decompress", decompress), ("decode", decode), ("book", book), ("synchronize", synchronize),
            ("aggregate", aggregate), ("write", write),
        ]
    }
}
