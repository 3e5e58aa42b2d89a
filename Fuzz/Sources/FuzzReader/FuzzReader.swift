import ByteCoding
import MCAP

/// Any bytes are read to their end, within the limits, and the losses lie within the bytes.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = RawSpan(_unsafeStart: UnsafeRawPointer(start), byteCount: count)
    let limits = ReaderLimits(record: 1 << 20, chunk: 1 << 20, summary: 1 << 20, overlap: 1 << 20)
    do {
        let reader = try StreamReader(try ByteInput(bytes: bytes), limits: limits, salvaging: true)
        var total = 0
        while let event = try reader.next() {
            if event == .message { total &+= reader.data.byteCount }
        }
        var end: UInt64 = 0
        for loss in reader.losses where loss.length > 0 {
            precondition(loss.offset >= end, "losses overlap")
            end = loss.offset + loss.length
        }
        precondition(end <= UInt64(count), "a loss outside the file")
    } catch {
        _ = "\(error)"
    }
    return 0
}
