import DecoderChecks
import Exchanges
import MarketModel

/// Fresh state an input, so that an input alone shows what it showed.
private let fresh = DecoderCheck(.coinbase, .spot)

/// Frames are separated by zero bytes, which JSON has nowhere.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    var check = fresh
    for frame in UnsafeBufferPointer(start: start, count: count).split(separator: 0) {
        check.decode(UnsafeBufferPointer(rebasing: frame).span.bytes)
    }
    return 0
}
