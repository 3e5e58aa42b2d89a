import MarketModel

/// Where a dataset is cut into parts; boundaries are decision times common to all instruments.
public enum SplitPlan: Equatable, Sendable {
    /// Everything is training data.
    case none
    /// Shares of the span of decision times.
    case fractions(train: Double, validation: Double, test: Double)
    /// Boundaries in nanoseconds since the Unix epoch: the begin of validation (nil: none) and of test.
    case dates(validation: Int64?, test: Int64)
    /// Several folds, each trained on what lies before its test span.
    case walkForward(WalkForward)

    /// How folds follow one another; all are shares of the span of decision times.
    public struct WalkForward: Equatable, Sendable {
        /// How many folds.
        public var folds: Int
        /// The first training span.
        public var train: Double
        /// The validation span of each fold; 0 for none.
        public var validation: Double
        /// Whether the training span begins at the start of the data (expanding) or keeps its length (rolling).
        public var isExpanding: Bool

        /// Makes a walk-forward plan.
        public init(folds: Int, train: Double, validation: Double, isExpanding: Bool) {
            self.folds = folds
            self.train = train
            self.validation = validation
            self.isExpanding = isExpanding
        }
    }

    static let form =
        "none, fractions:0.7,0.15,0.15, dates:VALIDATION,TEST, dates:TEST, "
        + "or walk-forward:folds=4,train=0.5[,validation=0.1][,mode=rolling]"

    /// As a plan writes it.
    public var text: String {
        switch self {
        case .none: return "none"
        case .fractions(let train, let validation, let test):
            return "fractions:\(train),\(validation),\(test)"
        case .dates(let validation, let test):
            let times = [validation, test].compactMap { $0 }.map { UnixTime.rfc3339($0) }
            return "dates:" + times.joined(separator: ",")
        case .walkForward(let plan):
            return "walk-forward:folds=\(plan.folds),train=\(plan.train),validation=\(plan.validation),"
                + "mode=\(plan.isExpanding ? "expanding" : "rolling")"
        }
    }

    /// Reads a split.
    package static func parse(_ text: String) throws(DatasetError) -> SplitPlan {
        let refusal = DatasetError.badValue(key: "split", found: text, expected: form)
        if text == "none" { return .none }
        guard let colon = text.firstIndex(of: ":") else { throw refusal }
        let items = text[text.index(after: colon)...].split(separator: ",", omittingEmptySubsequences: false)
            .map { String($0.drop { $0 == " " }) }
        let plan: SplitPlan? =
            switch text[..<colon] {
            case "fractions": fractions(items)
            case "dates": dates(items)
            case "walk-forward": walkForward(items)
            default: nil
            }
        guard let plan else { throw refusal }
        return plan
    }

    private static func fractions(_ items: [String]) -> SplitPlan? {
        var shares = items.compactMap { Double($0) }
        guard shares.count == items.count, (2...3).contains(shares.count),
            shares.allSatisfy({ $0 >= 0 && $0 <= 1 }), abs(shares.reduce(0, +) - 1) < 1e-9
        else { return nil }
        if shares.count == 2 { shares.insert(0, at: 1) }
        guard shares[0] > 0 else { return nil }
        return .fractions(train: shares[0], validation: shares[1], test: shares[2])
    }

    private static func dates(_ items: [String]) -> SplitPlan? {
        let times = items.compactMap { TimeText.instant($0) }
        guard times.count == items.count, (1...2).contains(times.count), let test = times.last else {
            return nil
        }
        guard times.count == 2 else { return .dates(validation: nil, test: test) }
        return times[0] < test ? .dates(validation: times[0], test: test) : nil
    }

    private static func walkForward(_ items: [String]) -> SplitPlan? {
        var values: [String: String] = [:]
        for item in items {
            guard let sign = item.firstIndex(of: "=") else { return nil }
            values[String(item[..<sign])] = String(item[item.index(after: sign)...])
        }
        let mode = values.removeValue(forKey: "mode") ?? "expanding"
        guard let folds = values.removeValue(forKey: "folds").flatMap({ Int($0) }),
            let train = values.removeValue(forKey: "train").flatMap({ Double($0) }),
            let validation = Double(values.removeValue(forKey: "validation") ?? "0"), values.isEmpty,
            (1...1000).contains(folds), train > 0, validation >= 0, train + validation < 1,
            mode == "expanding" || mode == "rolling"
        else { return nil }
        return .walkForward(
            WalkForward(folds: folds, train: train, validation: validation, isExpanding: mode == "expanding")
        )
    }
}
