import ByteCoding

/// Any bytes are expanded by every codec within the limit, or refused.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard count > 1 else { return 0 }
    let bytes = RawSpan(_unsafeStart: UnsafeRawPointer(start + 1), byteCount: count - 1)
    let limit = 1 << 16
    var output = GrowableBytes()
    do {
        switch start[0] % 7 {
        case 0: try ZstdDecompressor().decompress(bytes, appendingTo: &output, maximumSize: limit)
        case 1: try LZ4FrameDecompressor().decompress(bytes, appendingTo: &output, maximumSize: limit)
        case 2: try LZ4Block.decompress(bytes, appendingTo: &output, maximumSize: limit)
        case 3: try Snappy.decompress(bytes, appendingTo: &output, maximumSize: limit)
        case 4: try Gzip.decompress(bytes, appendingTo: &output, maximumSize: limit)
        default:
            let lines = LineReader(try ByteInput(bytes: bytes, expansion: .automatic), limit: limit)
            var total = 0
            while total < 1 << 20, try lines.advance() { total += lines.line.byteCount + 1 }
        }
    } catch {
        _ = "\(error)"
    }
    precondition(output.count <= limit, "more than the limit")
    return 0
}
