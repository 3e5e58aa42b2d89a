import MarketModel
import Report
import Testing

/// A bucket that keeps everything, so that loss, duplication and reordering show.
private struct Everything: SeriesBucket, Equatable {
    var values: [Int] = []

    mutating func merge(_ later: Everything) { values += later.values }
}

/// Series against a model that keeps all times and assigns them to buckets at the end.
struct TimeSeriesTests {
    @Test(arguments: UInt64(1)...200)
    func `buckets hold what a naive model holds`(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let limit = Int.random(in: 8...64, using: &random)
        let start = Int64.random(in: -4_000_000_000_000_000_000...9_000_000_000_000_000_000, using: &random)
        let stride = Int64(1) << Int64.random(in: 0...44, using: &random)
        var series = TimeSeries<Everything>(width: Int64.random(in: 1...5000, using: &random), limit: limit)
        let first = series.width
        var times: [Int64] = []
        for value in 0..<Int.random(in: 1...400, using: &random) {
            let before = times.last ?? start
            // Mostly forwards, sometimes far, sometimes back.
            let step = Int64.random(in: (value % 11 == 0 ? -stride : 0)...stride, using: &random)
            times.append(before + step * (value % 37 == 0 ? 50 : 1))
            series.update(at: times[value]) { $0.values.append(value) }
        }
        var model: [Int64: [Int]] = [:]
        for (value, time) in times.enumerated() {
            model[UnixTime.floorDivide(time, series.width), default: []].append(value)
        }
        #expect(series.buckets.count <= limit, "seed \(seed)")
        #expect(series.width % first == 0 && (series.width / first).nonzeroBitCount == 1, "seed \(seed)")
        for index in series.buckets.indices {
            let number = UnixTime.floorDivide(series.start(of: index), series.width)
            // Merging appends: times that stepped back come after those of the bucket's first half.
            #expect(series.buckets[index].values.sorted() == model[number] ?? [], "seed \(seed)")
        }
        #expect(series.buckets.reduce(0) { $0 + $1.values.count } == times.count, "seed \(seed)")
    }

    @Test func `a width is no wider than the limit asks for`() {
        var series = TimeSeries<FrameBucket>(width: 1, limit: 600)
        for time in Int64(0)..<100_000 { series.update(at: time) { $0.frames += 1 } }
        #expect(series.buckets.count > 300)
        #expect(series.width == 256)
        #expect(series.buckets.dropLast().allSatisfy { $0.frames == 256 })
    }

    @Test(arguments: [Int64.min, -1, 0, 1, .max])
    func `the ends of time fit`(_ time: Int64) {
        for width in [Int64(1), 1_953_125, Int64.max / 8] {
            var series = TimeSeries<FrameBucket>(width: width, limit: 1)
            for one in [time, Int64.max, .min, 0, time] { series.update(at: one) { $0.frames += 1 } }
            #expect(series.buckets.reduce(0) { $0 + $1.frames } == 5)
            #expect(series.buckets.count <= 8)
            #expect(series.span.map { $0.start <= $0.end } == true)
        }
    }

    @Test func `ranges merge like the values they hold`() {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<300 {
            let values = (0..<Int.random(in: 0...9, using: &random)).map { _ in
                Double.random(in: -5...5, using: &random)
            }
            let cut = Int.random(in: 0...values.count, using: &random)
            var (whole, head, tail) = (ValueRange(), ValueRange(), ValueRange())
            for value in values { whole.add(value) }
            for value in values[..<cut] { head.add(value) }
            for value in values[cut...] { tail.add(value) }
            head.merge(tail)
            #expect(head == whole)
            guard let last = values.last else { continue }
            #expect(whole.least == values.min() && whole.greatest == values.max() && whole.last == last)
        }
    }

    @Test func `numbers that are none stay out of charts`() {
        var range = ValueRange()
        for value in [Double.nan, .infinity, -.infinity] { range.add(value) }
        #expect(range.count == 0)
    }
}

/// A random number generator, reproducible by its seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    // SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}
