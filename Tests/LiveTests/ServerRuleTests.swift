import FakeExchange
import Foundation
import Glibc
import MarketModel
import Simulation
import Testing

/// Protocol violations by a client of the fake exchange.
@Suite("Rules of the fake exchange", .timeLimit(.minutes(20)))
struct ServerRuleTests {
    private func server(_ change: (inout FakeExchangeOptions) -> Void) throws -> (FakeExchangeServer, Int) {
        var options = FakeExchangeOptions(exchange: "bybit", market: "linear")
        change(&options)
        let plan = SimulationPlan(seed: 11, venues: [try .init(exchange: "bybit", market: .linear)])
        let server = FakeExchangeServer(options) { try SimulatedSource(plan) }
        return (server, try server.start())
    }

    private func connect(_ port: Int) -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.connect(descriptor, $0, size) }
        }
        #expect(code == 0)
        wait(10_000, descriptor)
        return descriptor
    }

    /// How long (milliseconds) a read waits.
    private func wait(_ milliseconds: Int, _ descriptor: Int32) {
        var patience = timeval(tv_sec: milliseconds / 1_000, tv_usec: milliseconds % 1_000 * 1_000)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    private func send(_ bytes: [UInt8], to descriptor: Int32) { _ = write(descriptor, bytes, bytes.count) }

    /// The next bytes; empty at the end, nil if none come.
    private func receive(_ descriptor: Int32) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = read(descriptor, &bytes, bytes.count)
        return count < 0 ? nil : Array(bytes[..<count])
    }

    private static let upgrade =
        "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"

    @Test("a request that never ends is closed", arguments: ["", "GET / HTTP/1.1\r\nHost: x\r\n"])
    func half(request: String) throws {
        let (server, port) = try server { $0.requestPatience = 200_000_000 }
        defer { _ = server.stop() }
        let client = connect(port)
        defer { close(client) }
        send(Array(request.utf8), to: client)
        #expect(receive(client) == [])
    }

    @Test(
        "a client that breaks WebSocket is closed with 1002",
        arguments: [
            [0x81, 0x02, 0x7b, 0x7d], [0xc1, 0x82, 0, 0, 0, 0, 0x7b, 0x7d], [0x83, 0x80, 0, 0, 0, 0],
            [0x09, 0x80, 0, 0, 0, 0], [0x89, 0xfe, 0, 0x7e],
        ] as [[UInt8]]
    )
    func frames(bytes: [UInt8]) throws {
        let (server, port) = try server { _ in }
        defer { _ = server.stop() }
        let client = connect(port)
        defer { close(client) }
        send(Array(Self.upgrade.utf8), to: client)
        let answer = String(decoding: receive(client) ?? [], as: UTF8.self)
        #expect(answer.contains("101") && answer.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="))
        send(bytes + [0, 0, 0, 0], to: client)
        #expect(receive(client) == [0x88, 0x02, 0x03, 0xea])
    }

    @Test("connections beyond the limit wait until another ends")
    func limit() throws {
        let (server, port) = try server { $0.connectionLimit = 1 }
        defer { _ = server.stop() }
        let (first, second) = (connect(port), connect(port))
        defer { close(second) }
        send(Array(Self.upgrade.utf8), to: first)
        #expect(receive(first)?.isEmpty == false)
        wait(300, second)
        send(Array(Self.upgrade.utf8), to: second)
        #expect(receive(second) == nil)
        close(first)
        wait(10_000, second)
        #expect(receive(second)?.isEmpty == false)
    }
}
