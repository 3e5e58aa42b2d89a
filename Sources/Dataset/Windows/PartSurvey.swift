/// The content of one part of a fold: rows, samples, what was dropped and why, the distribution of labels.
package struct PartSurvey: Equatable, Sendable {
    /// Rows whose decision time is in it.
    package var rows = 0
    /// Rows by their ``SamplePlanner/Fate``.
    package var fates = Array(repeating: 0, count: SamplePlanner.Fate.allCases.count)
    /// The labels of its samples.
    package var labels: [LabelSurvey]

    /// The distribution of one label over the samples.
    package struct LabelSurvey: Equatable, Sendable {
        package var defined = 0
        package var below = 0
        package var zero = 0
        package var above = 0

        mutating func add(_ value: Double) {
            defined += 1
            if value < 0 { below += 1 } else if value > 0 { above += 1 } else { zero += 1 }
        }
    }

    init(labels: Int) { self.labels = Array(repeating: LabelSurvey(), count: labels) }

    /// How many rows decide a sample.
    package var samples: Int { self[.sample] }

    package subscript(_ fate: SamplePlanner.Fate) -> Int { fates[fate.rawValue] }

    mutating func add(_ fate: SamplePlanner.Fate, _ values: [LabelValue]) {
        rows += 1
        fates[fate.rawValue] += 1
        guard fate == .sample else { return }
        for (index, label) in values.enumerated() {
            if let value = label.value { labels[index].add(value) }
        }
    }

    mutating func add(_ other: PartSurvey) {
        rows += other.rows
        for index in fates.indices { fates[index] += other.fates[index] }
        for index in labels.indices {
            labels[index].defined += other.labels[index].defined
            labels[index].below += other.labels[index].below
            labels[index].zero += other.labels[index].zero
            labels[index].above += other.labels[index].above
        }
    }

    /// What was dropped, in words.
    var dropped: String {
        "\(self[.noWindow]) end no window, \(self[.unlabelled]) have no label, \(self[.purged]) are purged, "
            + "\(self[.embargoed]) lie in the embargo"
    }
}
