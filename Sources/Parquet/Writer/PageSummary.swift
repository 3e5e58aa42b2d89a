/// A summary of a page's values for the writer.
struct PageSummary {
    var minimum: [UInt8]?
    var maximum: [UInt8]?
    var isMinimumExact = true
    var isMaximumExact = true
    var nanCount = 0
}
