import MarketModel

/// A message of a channel, being read from its data on.
struct DeribitMessage<Reader: MemberReader> {
    var reader: Reader
    /// Levels a side of the channel's books; 0 = all.
    let depth: UInt32
    let receiveTime: Int64
}
