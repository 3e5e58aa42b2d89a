import DecoderChecks
import Exchanges
import Glibc
import MarketModel

/// What reads an input's frames: fresh for each, so that an input alone shows what it showed.
///
/// Of the exchange that `FUZZ_EXCHANGE` names alone, where it names one.
private let checks = ExchangeCatalog.standard.all.filter {
    getenv("FUZZ_EXCHANGE").map { String(cString: $0) } ?? $0.name == $0.name
}.flatMap { exchange in
    exchange.markets.map { market in
        (name: Array("\(exchange.name)/\(market.rawValue)".utf8), check: DecoderCheck(exchange, market))
    }
}

/// An exchange, perhaps with a market, then frames, with zero bytes between, which JSON has nowhere.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let parts = UnsafeBufferPointer(start: start, count: count).split(separator: 0)
    let named = parts.first.map { name in
        checks.filter { name.elementsEqual($0.name) || $0.name.starts(with: Array(name) + [0x2f]) }
    }
    guard let named, !named.isEmpty else { return -1 }  // Not kept in the corpus.
    for var check in named.map(\.check) {
        for frame in parts.dropFirst() { check.decode(UnsafeBufferPointer(rebasing: frame).span.bytes) }
    }
    return 0
}
