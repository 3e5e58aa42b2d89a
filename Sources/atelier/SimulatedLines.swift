import ByteCoding
import Exchanges
import FakeExchange
import MarketModel
import Recording
import Simulation

/// A simulated session as lines for `import`: received frames, and replies with their requests.
enum SimulatedLines {
    /// Writes the whole session.
    static func write(_ plan: SimulationPlan, to output: ByteOutput) throws -> SimulatedSummary {
        var session = try SimulatedSession(plan)
        let names = plan.venues.map { "\($0.exchange)-\($0.market.rawValue)" }
        var summary = SimulatedSummary()
        var line = GrowableBytes()
        var going = true
        while going {
            going = try session.next { frame, bytes in
                guard frame.kind == .received || frame.kind == .reply else { return }
                if frame.kind == .received { summary.count(bytes, at: frame.time) }
                let request = frame.kind == .reply ? "\"rest\":\"\(frame.path)\"," : ""
                line.removeAll()
                line.append(
                    utf8:
                        "{\"recv_ns\":\(frame.time),\"conn\":\"\(names[frame.connection])\",\(request)\"frame\":\""
                )
                escape(bytes, into: &line)
                line.append(utf8: "\"}\n")
                try output.write(line.bytes)
            }
        }
        summary.finish()
        return summary
    }

    /// Simulated frames have no control characters: only quotes and backslashes need escapes.
    private static func escape(_ bytes: RawSpan, into line: inout GrowableBytes) {
        line.reserve(2 * bytes.byteCount)
        var start = 0
        for index in 0..<bytes.byteCount {
            let byte = bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self)
            guard byte == 0x22 || byte == 0x5c else { continue }
            line.append(bytes.extracting(start..<index))
            line.append(UInt8(0x5c))
            start = index
        }
        line.append(bytes.extracting(start..<bytes.byteCount))
    }
}
