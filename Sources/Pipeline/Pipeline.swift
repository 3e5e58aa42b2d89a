public import Exchanges
import Features
public import MarketModel
import OrderBooks
public import Synchronizer

/// Frames in, rows out: decoders, books, synchronizer, aggregates.
///
/// What replay and live share.
///
/// No I/O and no clock. Frames of all connections come in one total order; the same frames give the same
/// rows, whoever brings them.
public struct Pipeline {
    /// What came of the frames.
    public private(set) var counts = PipelineCounts()
    /// The synchronizer, for its counters.
    public private(set) var synchronizer: MarketSynchronizer
    /// The books.
    public private(set) var books = BookTable()
    /// The events of the frame at hand, and the instruments.
    public private(set) var batch = EventBatch()
    /// A sample of each unknown kind of frame, at most ``sampleLimit``.
    public private(set) var unknownSamples: [String] = []

    /// How many samples of unknown frames are kept, and how many bytes of each.
    public static var sampleLimit: (frames: Int, bytes: Int) { (8, 400) }

    private var connections: [Connection] = []
    /// Who names the symbols subscribed, one a session, exchange and market.
    private var scopes: [Scope] = []
    private var reducer: SnapshotReducer
    private var definitions = KnownDefinitions()

    private struct Connection {
        var decoder: any FrameDecoder
        /// Nil for one that is not known.
        var venue: (exchange: any Exchange, market: Market)?
        /// Kinds that count as acknowledged by the connection's first frame, and after each break by the next.
        var subscribed: FeedKinds
        /// Whether no frame came since its feeds were ended last.
        var awaitsFrame = true
        /// Whether it ended after its last frame: its socket closed, or its session ended.
        var hasEnded = true
        /// Whether frames behind its last one are known to be missing.
        var lacksFrames = true
        /// The receive time of its last frame.
        var lastFrame: Int64?
        /// Whether the attempt at hand brought data: requests behind it begin no restriction.
        var hasData = false
        var scope = -1
    }

    private struct Scope {
        var session: Int32
        var venue: VenueIndex
        var naming: SymbolNaming
    }

    /// Makes a pipeline; ``SynchronizerError`` says which options make no sense.
    public init(options: SynchronizerOptions, consumer: any RowConsumer) throws(SynchronizerError) {
        var options = options
        options.bookContent = consumer.wantsLevels ? .levels : .totals
        synchronizer = try MarketSynchronizer(options: options)
        reducer = SnapshotReducer(consumer: consumer, builder: AggregateBuilder())
    }

    /// All instruments seen, by ``InstrumentIndex``.
    public var instruments: [Instrument] { batch.instruments.instruments }

    /// Adds a connection and returns its number.
    ///
    /// `subscribed` are kinds known to be subscribed where no ack tells: they count as acknowledged for every
    /// instrument of the connection by its first frame.
    ///
    /// `session` tells what connections subscribe together: their symbols end with it.
    ///
    /// Frames of an exchange or market that is not known (nil) count as unknown and move log time.
    public mutating func connect(
        _ exchange: (any Exchange)?,
        market: Market?,
        subscribed: FeedKinds = [],
        session: Int32 = 0
    ) -> Int32 {
        if let exchange, let market {
            let venue = batch.instruments.venue(exchange: exchange.name, market: market)
            let scope = scope(of: session, exchange, venue)
            var decoder = exchange.makeDecoder(market: market, venue: venue)
            decoder.restrict(to: scopes[scope].naming.symbols)
            connections.append(
                Connection(
                    decoder: decoder,
                    venue: (exchange, market),
                    subscribed: subscribed,
                    scope: scope
                )
            )
        } else {
            connections.append(Connection(decoder: UnknownDecoder(), venue: nil, subscribed: []))
        }
        books.addConnection(exchange?.bookRules ?? BookRules())
        return Int32(connections.count - 1)
    }

    /// The sequence numbers and checksums judged so far.
    public var checks:
        (sequences: (verified: Int, broken: Int), checksums: (verified: Int, failed: Int), gaps: Int)
    {
        var sequences = (verified: 0, broken: 0)
        var checksums = (verified: 0, failed: 0)
        var gaps = 0
        for connection in connections {
            sequences.verified += connection.decoder.sequences.verified
            sequences.broken += connection.decoder.sequences.broken
        }
        for keeper in books.keepers {
            sequences.verified += keeper.counts.sequencesVerified
            sequences.broken += keeper.counts.sequencesBroken
            checksums.verified += keeper.counts.checksumsVerified
            checksums.failed += keeper.counts.checksumsFailed
            gaps += keeper.counts.gaps
        }
        return (sequences, checksums, gaps)
    }

    // MARK: - Frames

    /// Takes a received frame.
    ///
    /// Cost: decoding plus a constant per event and row.
    @discardableResult
    public mutating func receive(
        _ frame: RawSpan,
        on connection: Int32,
        receiveTime: Int64
    ) -> FrameOutcome {
        batch.removeAll()
        let decoded = connections[Int(connection)].decoder.decode(
            frame,
            receiveTime: receiveTime,
            into: &batch
        )
        if batch.instruments.count > reducer.instruments.count { registerInstruments() }
        if !batch.statuses.isEmpty { endFeeds(on: connection) }
        let stamp = FrameStamp(
            connection: connection,
            receiveTime: receiveTime,
            exchangeTime: batch.frameTime
        )
        synchronizer.begin(frame: stamp, books: &books, into: &reducer)
        connections[Int(connection)].lastFrame = receiveTime
        if connections[Int(connection)].awaitsFrame { acknowledge(stamp) }
        if let list = batch.definitions { apply(list, on: connection) }
        let outcome = applyEvents(of: decoded, on: connection)
        if decoded != .ignored, !connections[Int(connection)].hasData {
            updateNaming(decoded, on: connection)
        }
        count(outcome, frame)
        return outcome
    }

    /// Takes a frame that was sent: subscriptions whose acks do not name their topics.
    ///
    /// The symbols that it names are subscribed; others are not decoded: see ``SymbolNaming``.
    public mutating func sent(_ frame: RawSpan, on connection: Int32, receiveTime: Int64) {
        let (scope, beforeData) = (
            connections[Int(connection)].scope, !connections[Int(connection)].hasData
        )
        if scope >= 0, scopes[scope].naming.sent(frame, beforeData: beforeData) { restrict(scope) }
        connections[Int(connection)].decoder.sent(frame, receiveTime: receiveTime)
        // Acks tell from here on.
        connections[Int(connection)].subscribed = []
    }

    /// Takes the subscription arguments that a channel's metadata has: the symbols they name are subscribed.
    public mutating func described(_ subscriptions: String, on connection: Int32) {
        let scope = connections[Int(connection)].scope
        if scope >= 0, scopes[scope].naming.described(subscriptions) { restrict(scope) }
    }

    /// Takes a REST reply recorded with the connection: definitions of instruments, or nothing known here.
    ///
    /// It counts as no frame and moves no time.
    public mutating func reply(_ body: RawSpan, on connection: Int32) {
        guard let exchange = connections[Int(connection)].venue?.exchange else { return }
        guard let page = try? exchange.definitions.read(body) else { return }
        apply(page.list, on: connection)
    }

    /// The latest definition of an instrument; nil while the log told none.
    public func definition(of instrument: Instrument) -> InstrumentDefinition? { definitions[instrument] }

    /// Takes a status record of a connection; what it ended, if anything.
    @discardableResult
    public mutating func apply(
        _ status: ConnectionStatus,
        on connection: Int32,
        receiveTime: Int64
    ) -> FeedsEnd? {
        defer { if status.beginsAnew { connections[Int(connection)].decoder.connectionReset() } }
        let moment = ResetMoment.status(receiveTime)
        if status == .dropped { return loseFrames(of: connection, at: moment) }
        // A new attempt tells of the end of the one before, if nothing else did.
        if status.beginsAttempt { connections[Int(connection)].hasData = false }
        return status.endsConnection || status == .connected ? end(connection, at: moment) : nil
    }

    /// Ends a connection whose session ended, dated to its own last frame; nil if it is not open.
    ///
    /// Feeds, depths, books, merged tickers and numbers end with it. Clocks and rows, the latest funding and interest,
    /// the ids of trades and definitions are the instruments' own and go on.
    public mutating func endSession(of connection: Int32) -> FeedsEnd? {
        connections[Int(connection)].decoder.connectionReset()
        return end(connection, at: .frame)
    }

    /// Frames of a connection are missing behind its last one; nil if that was known, or if it had none.
    public mutating func loseFrames(of connection: Int32) -> FeedsEnd? {
        loseFrames(of: connection, at: .frame)
    }

    /// Ends the stream: emits the rows that still hold something.
    ///
    /// Idempotent.
    public mutating func finish() {
        synchronizer.finish(books: &books, into: &reducer)
    }

    // MARK: - Parts

    private mutating func scope(of session: Int32, _ exchange: any Exchange, _ venue: VenueIndex) -> Int {
        if let known = scopes.firstIndex(where: { $0.session == session && $0.venue == venue }) {
            return known
        }
        scopes.append(Scope(session: session, venue: venue, naming: SymbolNaming(exchange)))
        return scopes.count - 1
    }

    private mutating func restrict(_ scope: Int) {
        for index in connections.indices where connections[index].scope == scope {
            connections[index].decoder.restrict(to: scopes[scope].naming.symbols)
        }
    }

    private mutating func updateNaming(_ outcome: FrameOutcome, on connection: Int32) {
        if outcome == .decoded || batch.unsubscribedCount > 0 { connections[Int(connection)].hasData = true }
    }

    private mutating func registerInstruments() {
        let known = reducer.instruments.count
        reducer.instruments = batch.instruments.instruments
        books.add(reducer.instruments)
        for index in known..<reducer.instruments.count { applyDefinition(index) }
    }

    private mutating func apply(_ list: DefinitionList, on connection: Int32) {
        guard let venue = connections[Int(connection)].venue else { return }
        let changed = definitions.update(
            list,
            exchange: venue.exchange.name,
            market: venue.market,
            instruments: reducer.instruments
        )
        for index in changed { applyDefinition(index) }
    }

    private func applyDefinition(_ index: Int) {
        let instrument = reducer.instruments[index]
        guard let definition = definitions[instrument] else { return }
        reducer.consumer.defined(definition, of: instrument, at: InstrumentIndex(UInt32(index)))
    }

    /// Ends the feeds that the frame at hand shows to have ended with the one before it.
    ///
    /// That was before this frame, so rows that this frame emits must know of it.
    private mutating func endFeeds(on connection: Int32) {
        if batch.statuses.contains(where: { $0.change == .connectionBreak }) {
            synchronizer.breakConnection(connection, isRevealedByFrame: false)
            connections[Int(connection)].awaitsFrame = true
        }
        for status in batch.statuses where status.change == .unsubscribed {
            if let instrument = status.instrument, status.kinds.contains(.book) {
                _ = books.keepers[instrument.position].endTopic(connection: connection, depth: status.depth)
            }
            synchronizer.willUnsubscribe(ending(status, on: connection), on: connection)
        }
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

    private mutating func count(_ outcome: FrameOutcome, _ frame: RawSpan) {
        counts.frames += 1
        counts.decodeErrors += batch.errorCount
        counts.unsubscribedSymbols += batch.unsubscribedCount
        switch outcome {
        case .decoded: counts.decodedFrames += 1
        case .ignored: counts.ignored += 1
        case .error: counts.errorFrames += 1
        case .unknown:
            counts.unknown += 1
            keepSample(of: frame)
        }
    }

    private mutating func keepSample(of frame: RawSpan) {
        guard unknownSamples.count < Pipeline.sampleLimit.frames else { return }
        let length = min(frame.byteCount, Pipeline.sampleLimit.bytes)
        let text = frame.withUnsafeBytes { String(decoding: $0.prefix(length), as: UTF8.self) }
        unknownSamples.append(text)
    }

    /// Applies the events of the batch; a frame all of whose book messages are ignored is itself ignored.
    private mutating func applyEvents(of outcome: FrameOutcome, on connection: Int32) -> FrameOutcome {
        let passedOver = books.passedOver
        let end = batch.order.count
        reducer.wantsEvents = reducer.consumer.wantsEvents
        var position = 0
        while position < end {
            position = synchronizer.apply(
                position..<end,
                of: &batch,
                on: connection,
                books: &books,
                into: &reducer
            )
            guard position < end else { break }
            let event = batch.order[position]
            apply(batch.statuses[event.index], on: connection)
            if reducer.wantsEvents { reducer.applied(event, of: batch, books: books) }
            position += 1
        }
        (counts.bookSnapshots, counts.bookDeltas) = books.applied
        if batch.books.count < end { countOtherEvents() }
        let ignored = books.passedOver - passedOver
        return ignored > 0 && ignored == end ? .ignored : outcome
    }

    private mutating func countOtherEvents() {
        counts.trades += batch.trades.count
        counts.liquidations += batch.liquidations.count
        counts.fundingRates += batch.fundingRates.count
        counts.openInterests += batch.openInterests.count
    }

    private mutating func didChange(
        _ instrument: InstrumentIndex,
        on connection: Int32,
        _ receiveTime: Int64,
        isNew: Bool,
        cause: GapCause? = nil
    ) {
        synchronizer.didApply(
            instrument,
            isGapped: books.keepers[instrument.position].book.state == .gapped,
            books: &books,
            into: &reducer
        )
        guard isNew, let cause = cause ?? books.keepers[instrument.position].gapCause else { return }
        reducer.gapped(instrument, cause, at: receiveTime, on: connection)
    }

    private mutating func apply(_ status: FeedStatus, on connection: Int32) {
        switch status.change {
        case .live:
            if let instrument = status.instrument, status.kinds.contains(.book), let depth = status.depth {
                books.keepers[instrument.position].subscribed(connection: connection, depth: depth)
            }
            synchronizer.apply(status, on: connection)
        case .connectionBreak: gapBooks(of: connection, at: .frame, status.receiveTime, .sequence)
        case .bookFault: fault(status, on: connection)
        case .unsubscribed: unsubscribe(status, on: connection)
        }
    }

    /// What an unsubscription ends: a book that another topic of the connection carries on is no part of it.
    private func ending(_ status: FeedStatus, on connection: Int32) -> FeedStatus {
        guard let instrument = status.instrument, status.kinds.contains(.book),
            books.keepers[instrument.position].isCarried(by: connection)
        else { return status }
        var status = status
        status.kinds.remove(.book)
        return status
    }

    private mutating func unsubscribe(_ status: FeedStatus, on connection: Int32) {
        if let instrument = status.instrument, status.kinds.contains(.book) {
            endBookTopic(instrument, status, on: connection)
        }
        synchronizer.apply(ending(status, on: connection), on: connection)
    }

    private mutating func endBookTopic(
        _ instrument: InstrumentIndex,
        _ status: FeedStatus,
        on connection: Int32
    ) {
        let index = instrument.position
        guard books.keepers[index].connection != nil,
            books.keepers[index].isSource(connection, status.depth)
        else { return }
        synchronizer.willReset(bookOf: instrument, at: .frame, on: connection, books: &books)
        _ = books.keepers[index].unsubscribed(connection: connection, depth: status.depth)
        didChange(instrument, on: connection, status.receiveTime, isNew: false)
    }

    private mutating func fault(_ status: FeedStatus, on connection: Int32) {
        guard let instrument = status.instrument else {
            gapBooks(of: connection, at: .frame, status.receiveTime, .malformed)
            return
        }
        let index = instrument.position
        guard books.keepers[index].isSource(connection, status.depth) else { return }
        guard books.keepers[index].book.state != .gapped else {
            // It stays wrong; the number that the lost message had is not known.
            _ = books.keepers[index].messageLost(connection: connection, depth: status.depth)
            return
        }
        synchronizer.willReset(bookOf: instrument, at: .frame, on: connection, books: &books)
        let isNew = books.keepers[index].messageLost(connection: connection, depth: status.depth)
        didChange(instrument, on: connection, status.receiveTime, isNew: isNew)
    }

    private mutating func end(_ connection: Int32, at moment: ResetMoment) -> FeedsEnd? {
        if connections[Int(connection)].hasEnded { return nil }
        connections[Int(connection)].hasEnded = true
        return endFeeds(of: connection, at: moment, isEnd: true)
    }

    private mutating func loseFrames(of connection: Int32, at moment: ResetMoment) -> FeedsEnd? {
        if connections[Int(connection)].lacksFrames { return nil }
        connections[Int(connection)].lacksFrames = true
        return endFeeds(of: connection, at: moment, isEnd: false)
    }

    /// Ends the feeds of a connection at its last frame, and gaps its books.
    private mutating func endFeeds(
        of connection: Int32,
        at moment: ResetMoment,
        isEnd: Bool
    ) -> FeedsEnd? {
        guard let lastFrame = connections[Int(connection)].lastFrame else { return nil }
        synchronizer.breakConnection(connection, isRevealedByFrame: false)
        connections[Int(connection)].awaitsFrame = true
        let time = if case .status(let receiveTime) = moment { receiveTime } else { lastFrame }
        let gapped = gapBooks(of: connection, at: moment, time, .connection, ended: isEnd)
        return FeedsEnd(lastFrame: lastFrame, gapped: gapped)
    }

    /// Marks the books wrong that a connection leads, and says which were not; `ended` ends its topics, too.
    @discardableResult
    private mutating func gapBooks(
        of connection: Int32,
        at moment: ResetMoment,
        _ receiveTime: Int64,
        _ cause: GapCause,
        ended: Bool = false
    ) -> [Instrument] {
        var gapped: [Instrument] = []
        for index in books.keepers.indices {
            guard books.keepers[index].connection == connection else {
                if ended { _ = books.keepers[index].connectionEnded(connection) }
                continue
            }
            let instrument = InstrumentIndex(UInt32(index))
            synchronizer.willReset(bookOf: instrument, at: moment, on: connection, books: &books)
            let isNew =
                ended
                ? books.keepers[index].connectionEnded(connection)
                : books.keepers[index].connectionLost(connection)
            if isNew { gapped.append(reducer.instruments[index]) }
            didChange(instrument, on: connection, receiveTime, isNew: isNew, cause: cause)
        }
        return gapped
    }
}
