package import Exchanges
package import MarketModel
import OrderBooks
import Synchronizer

extension Pipeline {
    /// Writes the state to parts, or reads it into a pipeline of the same options that has no connection yet.
    ///
    /// The stream layer (connections, instruments, definitions, books) depends on no option of rows; the
    /// synchronizer's parts and `/rows/aggregates` do.
    package mutating func code(_ parts: inout StateParts, catalog: ExchangeCatalog) throws(StateError) {
        try codeConnections(&parts, catalog)
        try parts.part("/counts", &counts)
        try parts.part("/samples", &unknownSamples)
        try parts.part("/definitions", &definitions)
        try codeBooks(&parts)
        let names = batch.instruments.instruments.map(\.statePath)
        try synchronizer.code(&parts) { names[$0.position] }
        try parts.part("/rows/aggregates", &host.reducer.builder)
        guard parts.isReading else { return }
        for index in host.reducer.instruments.indices { applyDefinition(index) }
    }

    /// How many connections there are.
    package var connectionCount: Int { connections.count }

    private mutating func codeConnections(
        _ parts: inout StateParts,
        _ catalog: ExchangeCatalog
    ) throws(StateError) {
        var origins = connections.map { connection in
            ConnectionOrigin(
                exchange: connection.venue?.exchange.name,
                market: connection.venue?.market,
                session: connection.scope < 0 ? 0 : scopes[connection.scope].session,
                redundant: connection.group < 0 ? "" : groups[connection.group].name
            )
        }
        try parts.part("/connections", &origins)
        if parts.isReading {
            // The same calls in the same order give the same numbers, scopes and venues.
            for origin in origins {
                let exchange = origin.exchange.flatMap { catalog.named($0) }
                guard (exchange == nil) == (origin.exchange == nil) else {
                    throw .mismatch(
                        what: "the exchange",
                        found: origin.exchange ?? "",
                        expected: "one that is known here"
                    )
                }
                _ = connect(
                    exchange,
                    market: origin.market,
                    session: origin.session,
                    redundant: origin.redundant
                )
            }
        }
        try parts.part("/instruments", &batch.instruments)
        parts.instrumentCount = batch.instruments.count
        for index in scopes.indices { try parts.part("/scope/\(index)", &scopes[index]) }
        for index in groups.indices { try parts.part("/copies/\(index)", &groups[index].copies) }
        for index in connections.indices { try parts.part("/connection/\(index)", &connections[index]) }
        if parts.isReading { for index in scopes.indices { restrict(index) } }
    }

    private mutating func codeBooks(_ parts: inout StateParts) throws(StateError) {
        if parts.isReading {
            host.reducer.instruments = batch.instruments.instruments
            host.books.add(host.reducer.instruments)
        }
        try parts.part("/books", &host.books)
        for index in host.books.keepers.indices {
            let name = host.reducer.instruments[index].statePath
            try parts.part("/instrument/\(name)/book", &host.books.keepers[index])
        }
    }
}

extension Pipeline.Scope: StateCodable {
    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.field("naming", &naming)
        try coder.field("tradeForms", &tradeForms)
    }
}

extension Pipeline.Connection: StateCodable {
    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        var state = DecoderState(decoder: decoder)
        try coder.field("decoder", &state)
        decoder = state.decoder
        try coder.field("subscribed", &subscribed)
        try coder.field("awaitsFrame", &awaitsFrame)
        try coder.field("hasEnded", &hasEnded)
        try coder.field("lacksFrames", &lacksFrames)
        try coder.field("lastFrame", &lastFrame)
        try coder.field("hasData", &hasData)
    }
}
