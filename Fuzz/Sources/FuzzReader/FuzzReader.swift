import ByteCoding
import MCAP

private let limits = ReaderLimits(record: 1 << 20, chunk: 1 << 20, summary: 1 << 20, overlap: 1 << 20)

/// Any bytes are read to their end in every way, within the limits.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = RawSpan(_unsafeStart: UnsafeRawPointer(start), byteCount: count)
    do {
        try stream(bytes)
        try check(bytes)
        try indexed(bytes)
    } catch {
        _ = "\(error)"
    }
    return 0
}

/// Losses lie within the file, one behind the other.
private func stream(_ bytes: RawSpan) throws {
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
    precondition(end <= UInt64(bytes.byteCount), "a loss outside the file")
}

private func check(_ bytes: RawSpan) throws {
    let check = try? FileCheck(checking: try ByteInput(bytes: bytes), limits: limits)
    precondition((check?.problems.count ?? 0) <= 1_000, "more problems than are kept")
}

/// The index may lie; times come in order all the same.
private func indexed(_ bytes: RawSpan) throws {
    let copy = bytes.withUnsafeBytes { Array($0) }
    for order in [IndexedReader.Order.file, .logTime] {
        let reader = try IndexedReader(FileReader(bytes: copy), order: order, limits: limits)
        while try reader.next() { _ = reader.data.byteCount }
    }
}
