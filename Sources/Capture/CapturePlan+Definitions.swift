import Exchanges

extension CapturePlan {
    /// Whether this connection is the one of its market that asks for definitions.
    func asksDefinitions(_ index: Int) -> Bool {
        let own = connections[index]
        let first = connections.indices.first { other in
            let connection = connections[other]
            return connection.exchange.name == own.exchange.name && connection.market == own.market
                && hasDefinitions(other)
        }
        return first == index
    }

    /// The REST address for that; nil if it does not ask, or gets definitions on a channel.
    func restAddress(_ index: Int) -> String? {
        asksDefinitions(index) ? connections[index].restAddress : nil
    }

    private func hasDefinitions(_ index: Int) -> Bool {
        let connection = connections[index]
        guard fetchesDefinitions else { return false }
        let rules = connection.exchange.definitions
        if rules.channelRequest != nil { return true }
        return connection.restAddress != nil && !rules.queries(of: connection.market).isEmpty
    }
}

extension CapturePlan.Connection {
    /// The address of the REST interface that it uses; nil if it uses none.
    ///
    /// The venue's own interface is never asked if the socket was given another address.
    var restAddress: String? {
        guard let own = exchange.definitions.restEndpoint(of: market) else { return nil }
        return restEndpoint ?? (endpoint == nil ? own : nil)
    }
}
