import ArgumentParser
import MarketFiles
import MarketModel
import Synchronizer

/// A moment on the command line: RFC 3339, a date, or nanoseconds since the Unix epoch.
struct TimeArgument: ExpressibleByArgument {
    /// The moment, or the nearest one that 64 bits hold.
    let nanoseconds: Int64
    /// The moment as a log time, which reaches from 1970 to 2554.
    let logTime: UInt64

    init?(argument: String) {
        if let number = Int128(argument) {
            guard number > Int128(Int64.min), number <= Int128(UInt64.max) else { return nil }
            nanoseconds = Int64(clamping: number)
            logTime = UInt64(clamping: number)
        } else if let time = UnixTime.parse(rfc3339: argument)
            ?? UnixTime.parse(rfc3339: argument + "T00:00:00Z")
        {
            nanoseconds = time
            logTime = UInt64(clamping: time)
        } else {
            return nil
        }
    }
}
