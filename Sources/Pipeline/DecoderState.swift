import Exchanges
import MarketModel

/// The state of a decoder, whichever it is.
struct DecoderState: StateCodable {
    var decoder: any FrameDecoder

    mutating func code(_ coder: inout StateCoder) throws(StateError) { try decoder.code(&coder) }
}
