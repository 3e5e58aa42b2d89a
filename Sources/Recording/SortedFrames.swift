import ByteCoding
import MCAP

/// The messages of a file by log time, ties in file order: all are read first and sorted in bounded memory.
final class SortedFrames {
    private let sorter = SpillSorter()
    /// The current message.
    private(set) var message = MessageHeader(channelID: 0, sequence: 0, logTime: 0, publishTime: 0)
    /// Index of its channel among the reader's.
    private(set) var channelIndex = 0
    /// Its number in the file: 0, 1, … over all messages.
    private(set) var index: UInt64 = 0

    /// Bytes before a message's content in the sorter.
    private static let headSize = 26

    /// Reads and sorts all wanted messages of `reader`.
    init(
        of reader: StreamReader,
        within slice: TimeSlice,
        isWanted: (Int) -> Bool,
        extra: (StreamReader.Event) -> Void
    ) throws {
        var index: UInt64 = 0
        while let event = try reader.next() {
            switch event {
            case .attachment, .metadata: extra(event)
            case .message:
                let (message, position) = (reader.message, reader.messageSlot)
                defer { index += 1 }
                guard slice.contains(message.logTime), isWanted(position) else { continue }
                try sorter.add(message.logTime) { record in
                    record.append(UInt32(truncatingIfNeeded: position))
                    record.append(message.channelID)
                    record.append(message.sequence)
                    record.append(message.publishTime)
                    record.append(index)
                    record.append(reader.data)
                }
            }
        }
    }

    /// Moves to the next message; false after the last.
    func next() throws(ByteCodingError) -> Bool {
        let sorter = sorter
        guard try sorter.advance() else { return false }
        var head = ByteReader(sorter.bytes)
        channelIndex = Int(try head.read(UInt32.self))
        message.channelID = try head.read(UInt16.self)
        message.sequence = try head.read(UInt32.self)
        message.publishTime = try head.read(UInt64.self)
        message.logTime = sorter.key
        index = try head.read(UInt64.self)
        return true
    }

    /// The message's bytes; valid until the next call of ``next()``.
    var data: RawSpan {
        @_lifetime(borrow self)
        get {
            let sorter = sorter
            let span = RawSpan(_unsafeStart: sorter.base, byteCount: sorter.length)
            // Safe: the sorter keeps the record until it advances.
            return _overrideLifetime(span.extracting(Self.headSize...), borrowing: self)
        }
    }
}
