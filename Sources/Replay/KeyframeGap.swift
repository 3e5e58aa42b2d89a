import MarketModel
import OrderBooks
import Rows

/// A gap of a book that is open at a keyframe, for ledgers that begin there.
struct KeyframeGap: StateElement, Equatable, Sendable {
    var instrument: Instrument
    var cause: GapCause
    var receiveTime: Int64
    var connection: Int32

    init(_ gap: BookGap, of instrument: Instrument) {
        self.instrument = instrument
        (cause, receiveTime, connection) = (gap.cause, gap.receiveTime, gap.connection)
    }

    var notice: Notice {
        .gapped(BookGap(cause: cause, receiveTime: receiveTime, connection: connection), of: instrument)
    }

    static var blank: KeyframeGap {
        KeyframeGap(BookGap(cause: .blank, receiveTime: 0, connection: 0), of: .blank)
    }

    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.packed("instrument", &instrument)
        try coder.packed("cause", &cause)
        try coder.packed("receiveTime", &receiveTime)
        try coder.packed("connection", &connection)
    }
}
