import NIOCore
import Testing

@testable import Capture

/// The rules of RFC 6455 for what a client reads.
@Suite("WebSocket messages")
struct MessageReaderTests {
    private func reader(_ sizeLimit: Int = 1 << 20, fragments: Int = 8) -> MessageReader {
        MessageReader(sizeLimit: sizeLimit, fragmentLimit: fragments)
    }

    private func read(
        _ bytes: [UInt8],
        _ limit: Int = 1 << 20
    ) -> Result<[MessageReader.Item], WebSocketFault> {
        var reader = reader(limit)
        var items: [MessageReader.Item] = []
        reader.feed(ByteBuffer(bytes: bytes))
        do throws(WebSocketFault) {
            while let item = try reader.next() { items.append(item) }
            return .success(items)
        } catch {
            return .failure(error)
        }
    }

    private func text(_ text: String) -> MessageReader.Item { .message(ByteBuffer(string: text)) }

    @Test(
        "what breaks the protocol is named, and answered with its code",
        arguments: [
            // The RFC's own example of a masked frame, "Hello".
            ([0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58], .masked, 1002),
            // A masked frame without content.
            ([0x81, 0x80, 1, 2, 3, 4], .masked, 1002),
            ([0xc1, 0x01, 0x41], .reservedBits, 1002), ([0xa1, 0x01, 0x41], .reservedBits, 1002),
            ([0x91, 0x01, 0x41], .reservedBits, 1002), ([0xc9, 0x00], .reservedBits, 1002),
            // "Hello" as permessage-deflate compresses it (RFC 7692, 7.2.3.1).
            ([0xc1, 0x07, 0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00], .reservedBits, 1002),
            ([0x83, 0x00], .reservedOpcode(3), 1002), ([0x87, 0x00], .reservedOpcode(7), 1002),
            ([0x8b, 0x00], .reservedOpcode(11), 1002), ([0x8f, 0x00], .reservedOpcode(15), 1002),
            ([0x09, 0x00], .fragmentedControl, 1002), ([0x08, 0x00], .fragmentedControl, 1002),
            ([0x89, 0x7e, 0x00, 0x7e], .longControl, 1002), ([0x88, 0x7f], .longControl, 1002),
            ([0x81, 0x7e, 0x00, 0x05, 1, 2, 3, 4, 5], .badLength, 1002),
            ([0x81, 0x7f, 0, 0, 0, 0, 0, 0, 0xff, 0xff], .badLength, 1002),
            ([0x81, 0x7f, 0x80, 0, 0, 0, 0, 0, 0, 0], .badLength, 1002),
            ([0x80, 0x01, 0x41], .strayContinuation, 1002),
            ([0x00, 0x01, 0x41], .strayContinuation, 1002),
            ([0x01, 0x01, 0x41, 0x81, 0x01, 0x42], .interruptedMessage, 1002),
            ([0x01, 0x01, 0x41, 0x02, 0x01, 0x42], .interruptedMessage, 1002),
            ([0x88, 0x01, 0x03], .badClose, 1002),
            ([0x88, 0x02, 0x03, 0xed], .badClose, 1002), ([0x88, 0x02, 0x03, 0xee], .badClose, 1002),
            ([0x88, 0x02, 0x03, 0xec], .badClose, 1002), ([0x88, 0x02, 0x03, 0xf7], .badClose, 1002),
            ([0x88, 0x02, 0x00, 0x00], .badClose, 1002), ([0x88, 0x02, 0x07, 0xd0], .badClose, 1002),
            ([0x88, 0x02, 0x13, 0x88], .badClose, 1002),
            ([0x88, 0x04, 0x03, 0xe8, 0xff, 0xfe], .badCloseReason, 1007),
            ([0x88, 0x05, 0x03, 0xe8, 0xed, 0xa0, 0x80], .badCloseReason, 1007),
        ] as [([UInt8], WebSocketFault, UInt16)]
    )
    func faults(bytes: [UInt8], fault: WebSocketFault, code: UInt16) {
        #expect(read(bytes) == .failure(fault))
        #expect(fault.closeCode == code)
        #expect(fault.text.hasPrefix("the server broke the WebSocket protocol"))
    }

    @Test("a message in fragments is put together, control frames between them are seen at their place")
    func fragments() {
        let bytes: [UInt8] = [
            0x01, 0x03, 0x48, 0x65, 0x6c, 0x89, 0x02, 0x70, 0x71, 0x00, 0x00, 0x8a, 0x00, 0x80, 0x02, 0x6c,
            0x6f,
            0x82, 0x00,
        ]
        #expect(read(bytes) == .success([.ping(ByteBuffer(string: "pq")), .pong, text("Hello"), text("")]))
    }

    @Test("closes are read with their code and reason")
    func closes() {
        #expect(read([0x88, 0x00]) == .success([.close(code: nil, reason: "")]))
        #expect(read([0x88, 0x02, 0x03, 0xe8]) == .success([.close(code: 1000, reason: "")]))
        #expect(read([0x88, 0x04, 0x0f, 0xa7, 0xc3, 0xbc]) == .success([.close(code: 4007, reason: "ü")]))
    }

    @Test("every length is read, however the bytes are cut")
    func lengths() throws {
        for size in [0, 1, 125, 126, 127, 65_535, 65_536, 70_001] {
            let content = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            var frame: [UInt8] = [0x82]
            if size < 126 {
                frame.append(UInt8(size))
            } else if size < 65_536 {
                frame += [126, UInt8(size >> 8), UInt8(size & 255)]
            } else {
                frame += [127, 0, 0, 0, 0, 0, UInt8(size >> 16), UInt8(size >> 8 & 255), UInt8(size & 255)]
            }
            frame += content
            for step in [1, 3, 1_000, 1 << 20] {
                var (reader, messages) = (reader(), [[UInt8]]())
                for start in stride(from: 0, to: frame.count * 2, by: step) {
                    let both = frame + frame
                    reader.feed(ByteBuffer(bytes: both[start..<min(start + step, both.count)]))
                    while let item = try reader.next() {
                        if case .message(let bytes) = item { messages.append(Array(bytes.readableBytesView)) }
                    }
                }
                #expect(messages == [content, content], "\(size) bytes by \(step)")
            }
        }
    }

    @Test("a message above the limit is ours to name, whole or in fragments")
    func limits() {
        #expect(read([0x81, 0x05, 1, 2, 3, 4, 5], 4) == .failure(.tooLarge(limit: 4)))
        #expect(read([0x81, 0x7f, 0x40, 0, 0, 0, 0, 0, 0, 0]) == .failure(.tooLarge(limit: 1 << 20)))
        #expect(read([0x01, 0x03, 1, 2, 3, 0x80, 0x02, 4, 5], 4) == .failure(.tooLarge(limit: 4)))
        #expect(
            WebSocketFault.tooLarge(limit: 4).text
                == "a message is larger than --max-frame, 4 bytes (give a larger one)"
        )
        let many: [UInt8] = [0x01, 0x00] + Array(repeating: 0, count: 20)
        #expect(read(many) == .failure(.tooManyFragments(limit: 8)))
        #expect(!WebSocketFault.tooLarge(limit: 4).isBreach)
    }
}
