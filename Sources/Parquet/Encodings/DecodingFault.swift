/// Bytes of a page that are not what its encoding writes.
struct DecodingFault: Error, Equatable {
    var what: String

    init(_ what: String) { self.what = what }
}
