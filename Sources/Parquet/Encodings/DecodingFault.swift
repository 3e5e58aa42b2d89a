/// Bytes of a page that are invalid for its encoding.
struct DecodingFault: Error, Equatable {
    var what: String

    init(_ what: String) { self.what = what }
}
