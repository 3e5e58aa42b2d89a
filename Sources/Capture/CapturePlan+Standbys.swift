import Exchanges

extension CapturePlan {
    /// The plan with a second slot for each connection that its venue closes after some time.
    ///
    /// The two take turns: see ``ConnectionRelay``.
    package var withStandbys: CapturePlan {
        guard connections.allSatisfy({ $0.standsFor == nil }) else { return self }
        var plan = self
        for index in connections.indices where lifetime(of: index) != nil {
            let group = "c\(index)"
            plan.connections[index].redundant = group
            var standby = plan.connections[index]
            standby.standsFor = index
            plan.connections.append(standby)
        }
        return plan
    }

    /// The slots that take turns.
    var relays: [ConnectionRelay] {
        connections.indices.compactMap { index in
            guard let first = connections[index].standsFor, let lifetime = lifetime(of: first) else {
                return nil
            }
            return ConnectionRelay(first, index, lifetime: lifetime, overlap: overlap)
        }
    }

    /// After how long a connection is changed; nil for never.
    func lifetime(of index: Int) -> Int64? { lifetime ?? connections[index].exchange.session.lifetime }
}
