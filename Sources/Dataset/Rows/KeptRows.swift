import MarketModel

/// What a collector keeps from row to row, beside the files of rows.
struct KeptRows: StateCodable {
    /// The name of its part of a state.
    static let part = "/dataset/rows"

    var features: any RowFeatures
    var defined: [Instrument]
    var rows: Int
    var tracks: [KeptTrack]

    init(_ collector: RowCollector) {
        features = collector.features
        defined = collector.defined.sorted { $0.description < $1.description }
        rows = collector.rows
        tracks = collector.tracks.map(KeptTrack.init)
    }

    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try features.code(&coder)
        try coder.field("defined", &defined)
        try coder.field("rows", &rows)
        let count = features.columns.count
        try coder.list(&tracks) { _ in KeptTrack(features: count) }
    }
}
