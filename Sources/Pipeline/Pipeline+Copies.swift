import Exchanges
import MarketModel
import OrderBooks
import Synchronizer

// What several connections bring.
extension Pipeline {
    /// Connections of a session that bring the same.
    struct Group {
        var session: Int32
        var name: String
        var copies = MessageCopies()
    }

    /// The index of a group.
    mutating func group(_ name: String, of session: Int32) -> Int {
        if let known = groups.firstIndex(where: { $0.session == session && $0.name == name }) { return known }
        groups.append(Group(session: session, name: name))
        return groups.count - 1
    }

    /// A connection of a group begins: it knows what the one before it was told.
    mutating func learn(_ connection: Int32) {
        let group = connections[Int(connection)].group
        guard group >= 0 else { return }
        for other in connections.indices
        where other != Int(connection) && connections[other].group == group && !connections[other].hasEnded {
            connections[Int(connection)].decoder.learn(from: connections[other].decoder)
        }
    }

    /// A connection of a group was told something by a reply: the others know it too.
    mutating func tell(_ connection: Int32) {
        let group = connections[Int(connection)].group
        guard group >= 0 else { return }
        for other in connections.indices
        where other != Int(connection) && connections[other].group == group {
            connections[other].decoder.learn(from: connections[Int(connection)].decoder)
        }
    }

    /// Compares the frame's tickers with their books.
    mutating func checkTops(on connection: Int32) {
        for index in 0..<batch.tops.count {
            let top = batch.tops[index]
            host.books.keepers[top.instrument.position].check(top, on: connection)
        }
    }

    /// Whether another connection of the group has brought a frame of events that no number or id tells apart; such a
    /// copy shows that its feeds are live, no more.
    mutating func isCopy(_ frame: RawSpan, on connection: Int32) -> Bool {
        let events = batch.liquidations.count + batch.fundingRates.count + batch.openInterests.count
        guard events > 0 else { return false }
        // A feed that such an event shows to be live says no more.
        var begins = 0
        for index in 0..<batch.statuses.count where batch.statuses[index].change == .live { begins += 1 }
        guard events + begins == batch.order.count else { return false }
        let payload = frame.extracting(connections[Int(connection)].decoder.payload(of: frame))
        guard groups[connections[Int(connection)].group].copies.isCopy(payload, on: connection) else {
            return false
        }
        counts.duplicateMessages += 1
        for index in 0..<batch.liquidations.count {
            synchronizer.carry(.liquidations, of: batch.liquidations[index].instrument, on: connection)
        }
        for index in 0..<batch.fundingRates.count {
            synchronizer.carry(.fundingRates, of: batch.fundingRates[index].instrument, on: connection)
        }
        for index in 0..<batch.openInterests.count {
            synchronizer.carry(.openInterest, of: batch.openInterests[index].instrument, on: connection)
        }
        return true
    }
}
