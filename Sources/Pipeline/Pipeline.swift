public import Exchanges
import Features
public import MarketModel
import OrderBooks
public import Rows
public import Synchronizer

/// Frames in, rows out: decoders, books, synchronizer, aggregates.
///
/// Shared by replay and live.
///
/// No I/O and no clock. Frames of all connections arrive in one total order; the same frames give the same
/// rows.
public struct Pipeline {
    /// The counts of frames and events.
    public internal(set) var counts = PipelineCounts()
    /// The synchronizer, for its counters.
    public internal(set) var synchronizer: MarketSynchronizer
    /// The books.
    public var books: BookTable { host.books }
    /// The events of the current frame, and the instruments.
    public internal(set) var batch = EventBatch()
    /// A sample of each unknown kind of frame, at most ``sampleLimit``.
    public internal(set) var unknownSamples: [String] = []

    /// The most samples of unknown frames, and the most bytes of each.
    public static var sampleLimit: (frames: Int, bytes: Int) { (8, 400) }

    var connections: [Connection] = []
    /// The subscribed symbols, one entry per session, exchange and market.
    var scopes: [Scope] = []
    /// The groups of connections that bring the same.
    var groups: [Group] = []
    var host: PipelineHost
    var definitions = KnownDefinitions()

    struct Connection {
        var decoder: any FrameDecoder
        /// Nil if unknown.
        var venue: (exchange: any Exchange, market: Market)?
        /// Kinds acknowledged by the connection's first frame, and after each break by the next.
        var subscribed: FeedKinds
        /// Whether no frame came since its feeds last ended.
        var awaitsFrame = true
        /// Whether it ended after its last frame: by a closed socket or the session's end.
        var hasEnded = true
        /// Whether frames after its last one are known to be missing.
        var lacksFrames = true
        /// The receive time of its last frame.
        var lastFrame: Int64?
        /// Whether the current attempt brought data; later requests start no restriction.
        var hasData = false
        /// Whether the venue lists trades one by one and, on another topic, summed up.
        var hasTwoTradeForms = false
        var scope = -1
        /// −1 for a connection by itself.
        var group = -1
    }

    struct Scope {
        var session: Int32
        var venue: VenueIndex
        var naming: SymbolNaming
        var tradeForms = TradeForms()
    }

    /// Makes a pipeline; throws ``SynchronizerError`` on invalid options.
    public init(options: SynchronizerOptions, into sink: any RowSink) throws(SynchronizerError) {
        var options = options
        options.bookContent = sink.wants.contains(.levels) ? .levels : .totals
        synchronizer = try MarketSynchronizer(options: options)
        host = PipelineHost(reducer: SnapshotReducer(sink))
    }

    /// Throws what the sink threw; it gets no more rows and events then.
    ///
    /// `mutating` copies nothing: a value of a thousand bytes would be copied to be asked each frame.
    public mutating func check() throws { if let failure = host.reducer.failure { throw failure } }

    /// All instruments seen, by ``InstrumentIndex``.
    public var instruments: [Instrument] { batch.instruments.instruments }

    /// How many instruments were seen, how many have joined, and how many samples of unknown frames there are.
    package var newest: (instruments: Int, joined: Int, samples: Int) {
        (batch.instruments.count, synchronizer.joinedCount, unknownSamples.count)
    }

    /// Adds a connection and returns its number.
    ///
    /// `subscribed` are kinds known to be subscribed without acks: acknowledged for all its instruments by
    /// its first frame.
    ///
    /// Connections of one `session` share their subscribed symbols; those of one `redundant` group bring the same,
    /// and what one brings after another is a copy.
    ///
    /// Frames of an unknown exchange or market (nil) count as unknown and move log time.
    public mutating func connect(
        _ exchange: (any Exchange)?,
        market: Market?,
        subscribed: FeedKinds = [],
        session: Int32 = 0,
        redundant: String = ""
    ) -> Int32 {
        if let exchange, let market {
            let venue = batch.instruments.venue(of: exchange, market)
            let scope = scope(of: session, exchange, venue)
            var decoder = exchange.makeDecoder(market: market, venue: venue)
            decoder.restrict(to: scopes[scope].naming.symbols)
            connections.append(
                Connection(
                    decoder: decoder,
                    venue: (exchange, market),
                    subscribed: subscribed,
                    hasTwoTradeForms: exchange.session.hasTwoTradeForms,
                    scope: scope,
                    group: redundant.isEmpty ? -1 : group(redundant, of: session)
                )
            )
        } else {
            connections.append(Connection(decoder: UnknownDecoder(), venue: nil, subscribed: []))
        }
        host.books.addConnection(exchange?.bookRules ?? BookRules())
        return Int32(connections.count - 1)
    }

    /// The sequence numbers, checksums and tickers checked so far.
    public var checks:
        (
            sequences: (verified: Int, broken: Int), checksums: (verified: Int, failed: Int),
            tops: (verified: Int, failed: Int), gaps: Int
        )
    {
        var sequences = (verified: 0, broken: 0)
        var checksums = (verified: 0, failed: 0)
        var (tops, gaps) = ((verified: 0, failed: 0), 0)
        for connection in connections {
            sequences.verified += connection.decoder.sequences.verified
            sequences.broken += connection.decoder.sequences.broken
        }
        for keeper in host.books.keepers {
            sequences.verified += keeper.counts.sequencesVerified
            sequences.broken += keeper.counts.sequencesBroken
            checksums.verified += keeper.counts.checksumsVerified
            checksums.failed += keeper.counts.checksumsFailed
            tops.verified += keeper.counts.topsVerified
            tops.failed += keeper.counts.topsFailed
            gaps += keeper.counts.gaps
        }
        return (sequences, checksums, tops, gaps)
    }

    // MARK: - Frames

    /// Processes a received frame.
    ///
    /// Cost: decoding plus a constant per event and row.
    @discardableResult
    public mutating func receive(
        _ frame: RawSpan,
        on connection: Int32,
        receiveTime: Int64
    ) -> FrameOutcome {
        batch.removeAll()
        var decoded = connections[Int(connection)].decoder.decode(
            frame,
            receiveTime: receiveTime,
            into: &batch
        )
        if batch.trades.count > 0, connections[Int(connection)].hasTwoTradeForms,
            !scopes[connections[Int(connection)].scope].tradeForms.choose(batch.trades[0])
        {
            batch.rewind(to: .start)
            decoded = .ignored
        }
        if batch.instruments.count > host.reducer.instruments.count { registerInstruments() }
        if !batch.statuses.isEmpty { endFeeds(on: connection) }
        let stamp = FrameStamp(
            connection: connection,
            receiveTime: receiveTime,
            exchangeTime: batch.frameTime
        )
        synchronizer.begin(frame: stamp, for: &host)
        connections[Int(connection)].lastFrame = receiveTime
        if connections[Int(connection)].awaitsFrame { acknowledge(stamp) }
        if let list = batch.definitions { apply(list, on: connection) }
        let isCopy = connections[Int(connection)].group >= 0 && isCopy(frame, on: connection)
        let outcome = isCopy ? decoded : applyEvents(of: decoded, on: connection)
        if batch.tops.count > 0 { checkTops(on: connection) }
        if decoded != .ignored, !connections[Int(connection)].hasData {
            updateNaming(decoded, on: connection)
        }
        count(outcome, frame, on: connection)
        return outcome
    }

    /// Processes a sent frame: requests, whose acks may not name their topics.
    ///
    /// The symbols it names are subscribed; others are not decoded: see ``SymbolNaming``.
    public mutating func sent(_ frame: RawSpan, on connection: Int32, receiveTime: Int64) {
        let (scope, beforeData) = (
            connections[Int(connection)].scope, !connections[Int(connection)].hasData
        )
        if scope >= 0, scopes[scope].naming.sent(frame, beforeData: beforeData) { restrict(scope) }
        connections[Int(connection)].decoder.sent(frame, receiveTime: receiveTime)
        // From now on acks tell.
        connections[Int(connection)].subscribed = []
    }

    /// Reads the subscription arguments of a channel's metadata, and its address: the symbols they name are
    /// subscribed.
    public mutating func described(_ subscriptions: String, address: String = "", on connection: Int32) {
        guard let exchange = connections[Int(connection)].venue?.exchange else { return }
        let scope = connections[Int(connection)].scope
        for text in [subscriptions, exchange.topics(inAddress: address)] where !text.isEmpty {
            connections[Int(connection)].decoder.described(text)
            if scopes[scope].naming.described(text) { restrict(scope) }
        }
    }

    /// Processes a recorded REST reply: the seed of a book, a polled value, definitions, or something unknown.
    ///
    /// It does not count as a frame. One that makes an event moves time as a frame does; returns whether it did. The
    /// seed of a book that wants none makes no event.
    @discardableResult
    public mutating func reply(
        _ body: RawSpan,
        path: String = "",
        on connection: Int32,
        receiveTime: Int64
    ) -> Bool {
        guard let exchange = connections[Int(connection)].venue?.exchange else { return false }
        batch.removeAll()
        let outcome = connections[Int(connection)].decoder.decodeReply(
            body,
            path: path,
            receiveTime: receiveTime,
            into: &batch
        )
        tell(connection)
        counts.decodeErrors += batch.errorCount
        counts.unsubscribedSymbols += batch.unsubscribedCount
        if batch.instruments.count > host.reducer.instruments.count { registerInstruments() }
        if outcome == .unknown, let page = try? exchange.definitions.read(body) {
            apply(page.list, on: connection)
        }
        guard batch.order.count > 0, batch.books.allSatisfy({ wants($0, on: connection) }) else {
            return false
        }
        let stamp = FrameStamp(
            connection: connection,
            receiveTime: receiveTime,
            exchangeTime: batch.frameTime
        )
        synchronizer.begin(frame: stamp, for: &host)
        _ = applyEvents(of: outcome, on: connection)
        synchronizer.endReply(on: connection)
        return true
    }

    private func wants(_ seed: BookUpdate, on connection: Int32) -> Bool {
        host.books.keepers[seed.instrument.position].accepts(seed, on: connection)
    }

    /// The latest definition of an instrument; nil before the first.
    public func definition(of instrument: Instrument) -> InstrumentDefinition? { definitions[instrument] }

    /// Ends the stream: emits the rows that still hold something.
    ///
    /// Idempotent.
    public mutating func finish() {
        host.reducer.isAtEnd = true
        synchronizer.finish(for: &host)
    }

    // MARK: - Parts

    private mutating func scope(of session: Int32, _ exchange: any Exchange, _ venue: VenueIndex) -> Int {
        if let known = scopes.firstIndex(where: { $0.session == session && $0.venue == venue }) {
            return known
        }
        scopes.append(Scope(session: session, venue: venue, naming: SymbolNaming(exchange)))
        return scopes.count - 1
    }

    mutating func restrict(_ scope: Int) {
        for index in connections.indices where connections[index].scope == scope {
            connections[index].decoder.restrict(to: scopes[scope].naming.symbols)
        }
    }

    private mutating func updateNaming(_ outcome: FrameOutcome, on connection: Int32) {
        if outcome == .decoded || batch.unsubscribedCount > 0 { connections[Int(connection)].hasData = true }
    }

    private mutating func registerInstruments() {
        let known = host.reducer.instruments.count
        host.reducer.instruments = batch.instruments.instruments
        host.books.add(host.reducer.instruments)
        for index in known..<host.reducer.instruments.count { applyDefinition(index) }
    }

    private mutating func apply(_ list: DefinitionList, on connection: Int32) {
        guard let venue = connections[Int(connection)].venue else { return }
        let changed = definitions.update(
            list,
            of: venue.exchange,
            venue.market,
            instruments: host.reducer.instruments
        )
        for index in changed { applyDefinition(index) }
    }

    mutating func applyDefinition(_ index: Int) {
        let instrument = host.reducer.instruments[index]
        if countsContracts(instrument) {
            let amount = definitions[instrument]?.contractSize
            host.reducer.builder.countsContracts(InstrumentIndex(UInt32(index)), of: amount)
        }
        guard let definition = definitions[instrument] else { return }
        host.reducer.sink.received(.defined(definition, of: instrument, at: InstrumentIndex(UInt32(index))))
    }

    private func countsContracts(_ instrument: Instrument) -> Bool {
        let venue = connections.lazy.compactMap(\.venue).first { $0.exchange.name == instrument.exchange }
        return venue?.exchange.countsContracts(on: instrument.market) == true
    }

    private mutating func acknowledge(_ stamp: FrameStamp) {
        connections[Int(stamp.connection)].awaitsFrame = false
        connections[Int(stamp.connection)].hasEnded = false
        connections[Int(stamp.connection)].lacksFrames = false
        let kinds = connections[Int(stamp.connection)].subscribed
        guard !kinds.isEmpty else { return }
        let status = FeedStatus(
            .live,
            kinds: kinds,
            instrument: nil,
            exchangeTime: stamp.exchangeTime,
            receiveTime: stamp.receiveTime
        )
        synchronizer.apply(status, on: stamp.connection)
    }

    private mutating func count(_ outcome: FrameOutcome, _ frame: RawSpan, on connection: Int32) {
        counts.frames += 1
        counts.decodeErrors += batch.errorCount
        counts.unsubscribedSymbols += batch.unsubscribedCount
        switch outcome {
        case .decoded: counts.decodedFrames += 1
        case .ignored: counts.ignored += 1
        case .error: counts.errorFrames += 1
        case .unknown:
            counts.unknown += 1
            keepSample(of: frame, on: connection)
        }
    }

    private mutating func keepSample(of frame: RawSpan, on connection: Int32) {
        guard unknownSamples.count < Pipeline.sampleLimit.frames else { return }
        let hidden = connections[Int(connection)].venue?.exchange.privateMembers ?? []
        unknownSamples.append(FrameSample(frame, without: hidden).text(atMost: Pipeline.sampleLimit.bytes))
    }

    /// Applies the events of the batch; a frame whose events are all ignored book messages counts as
    /// ignored.
    private mutating func applyEvents(of outcome: FrameOutcome, on connection: Int32) -> FrameOutcome {
        let passedOver = host.books.passedOver
        let excluded = synchronizer.counters.excludedTrades
        let end = batch.order.count
        var position = 0
        while position < end {
            position = synchronizer.apply(
                position..<end,
                of: &batch,
                on: connection,
                for: &host
            )
            guard position < end else { break }
            let event = batch.order[position]
            apply(batch.statuses[event.index], on: connection)
            if host.wantsEvents { host.applied(event, of: batch) }
            position += 1
        }
        (counts.bookSnapshots, counts.bookDeltas) = host.books.applied
        counts.duplicateBooks = host.books.duplicates
        if batch.books.count < end { countOtherEvents() }
        counts.trades -= synchronizer.counters.excludedTrades - excluded
        let ignored = host.books.passedOver - passedOver
        return ignored > 0 && ignored == end ? .ignored : outcome
    }

    private mutating func countOtherEvents() {
        counts.trades += batch.trades.count
        counts.liquidations += batch.liquidations.count
        counts.fundingRates += batch.fundingRates.count
        counts.openInterests += batch.openInterests.count
    }
}
