public import MarketModel
public import Synchronizer

/// Computes a list of features row by row, keeping per instrument what rolling features need.
///
/// A value: its output for a row depends only on that row and the instrument's rows before it.
public struct FeatureEvaluator: Sendable {
    /// The columns in order.
    public let columns: [FeatureInfo]
    private let fresh: [any Feature]
    private var features: [[any Feature]] = []
    /// By instrument; nil before a definition states it.
    private var tickSizes: [FixedDecimal?] = []

    /// Resolves names of sets (`aggregate`, `aggregate-extended`, `microstructure`, `book:10`) and of
    /// single features; ``FeatureError`` names the unknown one and the nearest.
    public init(names: [String]) throws(FeatureError) {
        fresh = try FeatureCatalog.features(named: names)
        columns = fresh.map(\.info)
    }

    /// Applies an instrument's definition to the rows that follow.
    public mutating func define(_ instrument: InstrumentIndex, as definition: InstrumentDefinition) {
        while tickSizes.count <= instrument.position { tickSizes.append(nil) }
        tickSizes[instrument.position] = definition.tickSize
    }

    /// Writes the numbers of a row, one a column; an absent one is 0 and not present.
    ///
    /// The arrays get one element a column, reusing their memory. Precondition: rows of an instrument are
    /// in order; `aggregate` is that of `row`.
    public mutating func evaluate(
        _ row: borrowing MarketSnapshot,
        _ aggregate: MarketAggregate,
        market: Market,
        values: inout [Double],
        isPresent: inout [Bool]
    ) {
        let position = row.instrument.position
        while features.count <= position { features.append([]) }
        if features[position].isEmpty { features[position] = fresh }
        values.removeAll(keepingCapacity: true)
        isPresent.removeAll(keepingCapacity: true)
        let facts = RowFacts(
            row,
            aggregate,
            market: market,
            tickSize: position < tickSizes.count ? tickSizes[position] : nil
        )
        for index in features[position].indices {
            let value = features[position][index].value(of: row, facts)
            // Infinities and NaN come only from division by tiny numbers and are useless for training.
            let isDefined = value?.isFinite ?? false
            values.append(isDefined ? value ?? 0 : 0)
            isPresent.append(isDefined)
        }
    }
}

extension FeatureEvaluator: StateCodable {
    /// Writes or reads what the features keep of each instrument's rows, and the steps of prices.
    package mutating func code(_ coder: inout StateCoder) throws(StateError) {
        var begun = features.map { !$0.isEmpty }
        try coder.field("begun", &begun)
        if coder.isReading { features = begun.map { $0 ? fresh : [] } }
        for position in features.indices {
            for index in features[position].indices { try features[position][index].code(&coder) }
        }
        try coder.field("tickSizes", &tickSizes)
    }
}
