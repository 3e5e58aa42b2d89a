extension String {
    /// Calls `body` with the UTF-8 bytes of the text; the bytes are not copied if it holds them as UTF-8.
    ///
    /// For what takes a span, instead of `utf8Span`: Swift 6.3's optimiser can use the place of a short text's bytes for
    /// something else before a span of them is read.
    @inlinable
    public func withBytes<Value, Failure: Error>(
        _ body: (RawSpan) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        var text = self
        let result: Result<Value, Failure> = text.withUTF8 { bytes in
            do throws(Failure) {
                return .success(try body(bytes.span.bytes))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }
}
