/// What the topic of a book names, once it was read.
struct BybitBookTopic: Sendable {
    var depth: UInt32
    var symbol: OrderedReader.Symbol
}
