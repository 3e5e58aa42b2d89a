import ArgumentParser
import MarketFiles
import MarketModel
import Synchronizer

/// A time on the command line: RFC 3339, a date, or nanoseconds since the Unix epoch.
struct TimeArgument: ExpressibleByArgument {
    /// The time, or the nearest one that fits into 64 bits.
    let nanoseconds: Int64
    /// The time as a log time, which ranges from 1970 to 2554.
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
