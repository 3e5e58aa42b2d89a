/// One way of splitting the dataset into successive parts, each `[begin, end)` in decision time.
public struct Fold: Equatable, Sendable {
    /// A part and its span of decision times, nanoseconds since the Unix epoch.
    public struct Span: Equatable, Sendable {
        /// The part.
        public var part: SplitPart
        /// The first decision time in it.
        public var begin: Int64
        /// The first decision time after it; nil if nothing follows.
        public var end: Int64?

        /// Names a span.
        public init(part: SplitPart, begin: Int64, end: Int64?) {
            self.part = part
            self.begin = begin
            self.end = end
        }
    }

    /// The parts in order of time.
    public var spans: [Span]

    /// Puts parts together.
    public init(spans: [Span]) { self.spans = spans }

    /// The index of the part in which a row decides; nil before the first or after the last.
    package func index(of decision: Int64) -> Int? {
        for (index, span) in spans.enumerated() where decision >= span.begin {
            if span.end.map({ decision < $0 }) ?? true { return index }
        }
        return nil
    }
}

extension Fold {
    /// The folds of a plan over decision times from `first` through `last`.
    package static func folds(_ plan: SplitPlan, first: Int64, last: Int64) -> [Fold] {
        switch plan {
        case .none: return [Fold(spans: [Span(part: .train, begin: first, end: nil)])]
        case .fractions(let train, let validation, let test):
            let point = SpanPoint(first: first, last: last)
            let boundary = point.time(Int128(train.units))
            let second = point.time(Int128(train.units) + Int128(validation.units))
            return [
                fold(
                    first,
                    validation: validation == .zero ? nil : boundary,
                    test: test == .zero ? nil : second,
                    nil
                )
            ]
        case .dates(let validation, let test): return [fold(first, validation: validation, test: test, nil)]
        case .walkForward(let plan): return walk(plan, first, last)
        }
    }

    private static func fold(_ first: Int64, validation: Int64?, test: Int64?, _ end: Int64?) -> Fold {
        var spans = [Span(part: .train, begin: first, end: validation ?? test ?? end)]
        if let validation { spans.append(Span(part: .validation, begin: validation, end: test ?? end)) }
        if let test { spans.append(Span(part: .test, begin: test, end: end)) }
        return Fold(spans: spans)
    }

    /// Fold k trains up to `train + k·step`, validates for `validation` and tests for `step`; the steps
    /// divide what the first training and validation spans leave.
    private static func walk(_ plan: SplitPlan.WalkForward, _ first: Int64, _ last: Int64) -> [Fold] {
        let folds = Int128(plan.folds)
        let (train, validation) = (Int128(plan.train.units), Int128(plan.validation.units))
        let step = Int128(Share.whole.units) - train - validation
        let span = SpanPoint(first: first, last: last)
        // The time at a share of the span plus a number of steps, each a K-th of the rest.
        let point = { (share: Int128, steps: Int) in
            span.time(share * folds + step * Int128(steps), of: Int64(plan.folds))
        }
        return (0..<plan.folds).map { number in
            fold(
                plan.isExpanding ? first : point(0, number),
                validation: plan.validation == .zero ? nil : point(train, number),
                test: point(train + validation, number),
                number == plan.folds - 1 ? nil : point(train + validation, number + 1)
            )
        }
    }
}
