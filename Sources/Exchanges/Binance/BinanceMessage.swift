import MarketModel

/// A message, being read; with or without the envelope that names its stream.
struct BinanceMessage<Reader: MemberReader> {
    var reader: Reader
    let isWrapped: Bool
    let receiveTime: Int64

    /// The end of the message, and of its envelope.
    @inline(__always)
    mutating func end() {
        reader.end("}")
        if isWrapped { reader.end("}") }
    }
}
