import MarketModel

/// The storage of a side while a message is applied to it.
struct BookSideStorage {
    let keys: UnsafeMutablePointer<Int64>
    let sizes: UnsafeMutablePointer<Int64>
    let scales: UnsafeMutablePointer<UInt32>
    /// Whether levels have scales of their own.
    let hasMixedScales: Bool

    /// Nil if a storage is empty.
    @inline(__always)
    init?(
        _ keys: UnsafeMutableBufferPointer<Int64>,
        _ sizes: UnsafeMutableBufferPointer<Int64>,
        _ scales: UnsafeMutableBufferPointer<UInt32>,
        _ hasMixedScales: Bool
    ) {
        guard let keys = keys.baseAddress, let sizes = sizes.baseAddress, let scales = scales.baseAddress
        else { return nil }
        self.keys = keys
        self.sizes = sizes
        self.scales = scales
        self.hasMixedScales = hasMixedScales
    }

    /// Moves `count` levels, with their scales if they have their own.
    @inline(__always)
    func move(_ from: Int, to start: Int, count: Int) {
        (keys + start).update(from: keys + from, count: count)
        (sizes + start).update(from: sizes + from, count: count)
        if hasMixedScales { (scales + start).update(from: scales + from, count: count) }
    }
}
