import Exchanges
import Foundation
import MarketModel
import Recording

@testable import Capture

/// A connection's timeline as text: events such as `0 start; 100 open; 110 ok 1` in, actions with their
/// time in milliseconds out.
///
/// Words: start, open, close, stop, rest, tick, pong, data TOPIC…, lost TOPIC, restored TOPIC, broken, renew, leave SYMBOL,
/// ok ID and no ID REASON for answers (`-` = without an id), frame JSON for any other.
struct Timeline {
    var machine: ConnectionMachine
    private let exchange: any Exchange

    init(
        _ exchange: any Exchange = .bybit,
        _ market: Market = .linear,
        _ subscriptions: [Subscription] = [],
        extras: [String] = [],
        feeds change: (inout FeedSubscriptions.Settings) -> Void = { _ in },
        _ adjust: (inout ConnectionMachine.Settings) -> Void = { _ in }
    ) {
        self.exchange = exchange
        var settings = ConnectionMachine.Settings()
        settings.reconnect.jitter = 0
        settings.pingInterval = 1_000_000_000_000
        adjust(&settings)
        var feeds = FeedSubscriptions.Settings()
        change(&feeds)
        machine = ConnectionMachine(
            settings,
            FeedSubscriptions(exchange, market: market, subscriptions, extras: extras, settings: feeds),
            seed: 1
        )
    }

    /// Plays words and returns the actions; lines without actions are omitted.
    mutating func play(_ text: String) -> String {
        var lines: [String] = []
        for part in text.split(separator: ";") {
            let words = part.split(separator: " ", maxSplits: 3).map(String.init)
            let told = actions(words, (Int64(words[0]) ?? 0) * 1_000_000).map(name)
            if !told.isEmpty { lines.append("\(words[0]) \(told.joined(separator: " "))") }
        }
        return lines.joined(separator: "; ")
    }

    /// Advances time in steps of 50 ms until `end`, in milliseconds.
    mutating func pass(from start: Int, to end: Int) -> String {
        play(stride(from: start, through: end, by: 50).map { "\($0) tick" }.joined(separator: ";"))
    }

    private mutating func actions(_ words: [String], _ now: Int64) -> [ConnectionMachine.Action] {
        let topic = words.count > 2 ? topicIndex(words[2]) : 0
        switch words[1] {
        case "start": return machine.start(at: now)
        case "open": return machine.opened(at: now)
        case "close": return machine.closed(at: now, reason: "gone")
        case "stop": return machine.stop()
        case "rest": return machine.rest()
        case "pong":
            machine.pong(at: now)
            return []
        case "data": return machine.data(of: words[2...].map(topicIndex), at: now)
        case "lost": return machine.bookLost(topic, cause: "sequence", at: now)
        case "delta": return machine.bookLost(topic, cause: "noSnapshot", at: now)
        case "restored": return machine.bookRestored(topic)
        case "broken": return machine.broken(cause: "sequence", at: now)
        case "renew": return machine.renewBooks(cause: "rotation", at: now)
        case "leave":
            machine.leaveOut([words[2]], reason: "not offered")
            return []
        case "ok": return answered(frame(true, words[2], words.count > 3 ? words[3] : ""), now)
        case "no": return answered(frame(false, words[2], words.count > 3 ? words[3] : ""), now)
        case "frame": return answered(words[2...].joined(separator: " "), now)
        default: return machine.tick(at: now)
        }
    }

    private func topicIndex(_ name: String) -> Int {
        machine.feeds.topics.firstIndex { $0.name == name } ?? 0
    }

    private func frame(_ isAccepted: Bool, _ id: String, _ text: String) -> String {
        let id = id == "-" ? "" : id
        switch exchange.name {
        case "bybit":
            return #"{"success":\#(isAccepted),"ret_msg":"\#(text)","req_id":"\#(id)","op":"subscribe"}"#
        case "kraken":
            let number = id.isEmpty ? "" : #""req_id":\#(id),"#
            guard isAccepted else {
                return #"{\#(number)"error":"\#(text)","method":"subscribe","success":false}"#
            }
            let parts = text.split(separator: " ")
            return
                #"{\#(number)"method":"subscribe","result":{"channel":"\#(parts[0])","symbol":"\#(parts[1])"},"#
                + #""success":true}"#
        default: return #"{"type":"error","message":"\#(text)"}"#
        }
    }

    private mutating func answered(_ frame: String, _ now: Int64) -> [ConnectionMachine.Action] {
        guard let reply = exchange.subscriptionReply(in: Array(frame.utf8).span.bytes) else { return [] }
        return machine.answered(reply, at: now)
    }

    private func name(_ action: ConnectionMachine.Action) -> String {
        switch action {
        case .connect: "CONNECT"
        case .askSeed(let topic): "seed \(topic)"
        case .send(let text): request(text)
        case .ping: "PING"
        case .close: "CLOSE"
        case .logStatus(let status):
            status.stateName + (status.topic.map { "(\($0))" } ?? "")
                + (status.state == .resync ? "[\(status.reason ?? "")]" : "")
        case .openGap(let cause, let topic): "gap[\(cause),\(topic ?? "all")]"
        case .closeGap(let topic): "healed[\(topic ?? "all")]"
        case .report: "REPORT"
        }
    }

    /// `+1[topics]` subscribes with the id 1, `-1[topics]` ends.
    private func request(_ text: String) -> String {
        guard let object = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] else {
            return text
        }
        let operation = (object["op"] ?? object["method"] ?? object["type"]) as? String
        let number = object["req_id"] as? Int ?? (object["jsonrpc"] == nil ? nil : object["id"] as? Int)
        let id = (object["req_id"] as? String) ?? number.map(String.init) ?? ""
        let parameters = object["params"] as? [String: Any] ?? object
        let one = (object["subscription"] as? [String: Any]).map { "\($0["type"] ?? ""):\($0["coin"] ?? "")" }
        let list = ["args", "symbol", "product_ids", "channels"].compactMap { parameters[$0] }.first
        let names = one.map { [$0] } ?? list as? [String] ?? []
        let channel = (parameters["channel"] as? String).map { "\($0):" } ?? ""
        let depth = (parameters["depth"] as? Int).map { "\($0)/" } ?? ""
        let verb = operation?.split(separator: "/").last
        let sign = verb == "subscribe" ? "+" : verb == "unsubscribe" ? "-" : "?"
        return "\(sign)\(id)[\(depth)\(channel)\(names.joined(separator: ","))]"
    }
}
