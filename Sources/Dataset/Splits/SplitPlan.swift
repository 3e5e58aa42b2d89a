import MarketModel

/// How a dataset is split into parts; boundaries are decision times common to all instruments.
public enum SplitPlan: Equatable, Sendable {
    /// Everything is training data.
    case none
    /// Shares of the span of decision times.
    case fractions(train: Share, validation: Share, test: Share)
    /// Boundaries in nanoseconds since the Unix epoch: the start of validation (nil: none) and of test.
    case dates(validation: Int64?, test: Int64)
    /// Several folds, each trained on what comes before its test span.
    case walkForward(WalkForward)

    /// How folds follow one another; all are shares of the span of decision times.
    public struct WalkForward: Equatable, Sendable {
        /// How many folds.
        public var folds: Int
        /// The first training span.
        public var train: Share
        /// The validation span of each fold; 0 for none.
        public var validation: Share
        /// Whether the training span begins at the start of the data (expanding) or keeps its length (rolling).
        public var isExpanding: Bool

        /// Makes a walk-forward plan.
        public init(folds: Int, train: Share, validation: Share, isExpanding: Bool) {
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
            return "fractions:\(train.text),\(validation.text),\(test.text)"
        case .dates(let validation, let test):
            let times = [validation, test].compactMap { $0 }.map { UnixTime.rfc3339($0) }
            return "dates:" + times.joined(separator: ",")
        case .walkForward(let plan):
            return
                "walk-forward:folds=\(plan.folds),train=\(plan.train.text),validation=\(plan.validation.text),"
                + "mode=\(plan.isExpanding ? "expanding" : "rolling")"
        }
    }
}

// Reading.
extension SplitPlan {
    /// What a split must satisfy but does not.
    private struct BrokenRule: Error {
        var expected: String
    }

    /// Reads a split.
    package static func parse(_ text: String) throws(DatasetError) -> SplitPlan {
        let colon = text.firstIndex(of: ":") ?? text.endIndex
        let items = text[colon...].dropFirst().split(separator: ",", omittingEmptySubsequences: false)
            .map { String($0.drop { $0 == " " }) }
        do throws(BrokenRule) {
            switch text[..<colon] {
            case "none" where colon == text.endIndex: return .none
            case "fractions": return try fractions(items)
            case "dates": return try dates(items)
            case "walk-forward": return try walkForward(items)
            default: throw BrokenRule(expected: form)
            }
        } catch {
            throw .badValue(key: "split", found: text, expected: error.expected)
        }
    }

    private static func fractions(_ items: [String]) throws(BrokenRule) -> SplitPlan {
        guard (2...3).contains(items.count) else {
            throw BrokenRule(expected: "two shares (train, test) or three (train, validation, test)")
        }
        var shares: [Share] = []
        for item in items { shares.append(try share(item)) }
        if shares.count == 2 { shares.insert(.zero, at: 1) }
        let sum = shares.reduce(0) { $0 + Int128($1.units) }
        // Nine digits are enough for periodic decimals such as thirds.
        guard (sum - Int128(Share.whole.units)).magnitude < 1_000_000_000 else {
            throw BrokenRule(expected: "shares whose sum is 1, not \(decimal(sum))")
        }
        guard shares[0] != .zero else { throw BrokenRule(expected: "a share for training above 0") }
        return .fractions(train: shares[0], validation: shares[1], test: shares[2])
    }

    private static func share(_ text: String) throws(BrokenRule) -> Share {
        guard let share = Share(text) else {
            throw BrokenRule(expected: "shares from 0 to 1 of at most 18 digits, not '\(text)'")
        }
        return share
    }

    private static func decimal(_ units: Int128) -> String {
        Int64(exactly: units).map { Share(units: $0).text } ?? "\(units)e-18"
    }

    private static func dates(_ items: [String]) throws(BrokenRule) -> SplitPlan {
        var times: [Int64] = []
        for item in items {
            guard let time = TimeText.instant(item) else {
                throw BrokenRule(expected: "times as RFC 3339, a date or nanoseconds, not '\(item)'")
            }
            times.append(time)
        }
        guard (1...2).contains(times.count), let test = times.last else {
            throw BrokenRule(expected: "one time (where test begins) or two (validation, test)")
        }
        guard times.count == 2 else { return .dates(validation: nil, test: test) }
        guard times[0] < test else {
            throw BrokenRule(expected: "a begin of validation before that of test")
        }
        return .dates(validation: times[0], test: test)
    }

    private static func walkForward(_ items: [String]) throws(BrokenRule) -> SplitPlan {
        var values = try members(items, known: ["folds", "train", "validation", "mode"])
        guard let count = values.removeValue(forKey: "folds"), let first = values.removeValue(forKey: "train")
        else { throw BrokenRule(expected: "folds and train: walk-forward:folds=4,train=0.5") }
        guard let folds = Int(count), (1...1000).contains(folds) else {
            throw BrokenRule(expected: "1...1000 folds, not '\(count)'")
        }
        let (train, validation) = (try share(first), try share(values["validation"] ?? "0"))
        guard train != .zero else { throw BrokenRule(expected: "a share for training above 0") }
        guard Int128(train.units) + Int128(validation.units) < Int128(Share.whole.units) else {
            throw BrokenRule(expected: "train and validation below 1 together, so that tests have a share")
        }
        let mode = values["mode"] ?? "expanding"
        guard mode == "expanding" || mode == "rolling" else {
            throw BrokenRule(expected: "a mode of expanding or rolling, not '\(mode)'")
        }
        return .walkForward(
            WalkForward(folds: folds, train: train, validation: validation, isExpanding: mode == "expanding")
        )
    }

    private static func members(
        _ items: [String],
        known names: [String]
    ) throws(BrokenRule) -> [String: String] {
        var values: [String: String] = [:]
        for item in items {
            guard let sign = item.firstIndex(of: "=") else {
                throw BrokenRule(expected: "NAME=VALUE, not '\(item)'")
            }
            let name = String(item[..<sign])
            guard names.contains(name) else {
                throw BrokenRule(expected: "\(names.joined(separator: ", ")), not '\(name)'")
            }
            guard values[name] == nil else { throw BrokenRule(expected: "'\(name)' once") }
            values[name] = String(item[item.index(after: sign)...])
        }
        return values
    }
}
