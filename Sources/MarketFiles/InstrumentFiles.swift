import MarketModel

/// The open files of one instrument.
final class InstrumentFiles {
    let aggregates: TableFile<AggregateTable>
    let synchronized: StageFiles
    let raw: StageFiles

    init(_ instrument: Instrument, _ options: MarketFileOptions, _ store: MarketFileStore) {
        let context = TableContext(
            instrument: instrument,
            stage: .synchronized,
            depth: options.depth,
            isPartitioned: options.folders == .hive
        )
        aggregates = TableFile(store, context)
        synchronized = StageFiles(store, context, options.books)
        var rawContext = context
        rawContext.stage = .raw
        raw = StageFiles(store, rawContext, options.books)
    }

    func finish() throws(MarketFileError) {
        try aggregates.finish()
        try synchronized.finish()
        try raw.finish()
    }

    func discard() {
        aggregates.discard()
        synchronized.discard()
        raw.discard()
    }
}
