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
        asksDefinitions(index) ? address(of: connections[index]) : nil
    }

    private func hasDefinitions(_ index: Int) -> Bool {
        let connection = connections[index]
        guard fetchesDefinitions else { return false }
        return connection.exchange.definitions.channelRequest != nil || address(of: connection) != nil
    }

    /// The venue's own interface is never asked if the socket was given another address.
    private func address(of connection: Connection) -> String? {
        guard let own = connection.exchange.definitions.restEndpoint(of: connection.market) else {
            return nil
        }
        return connection.restEndpoint ?? (connection.endpoint == nil ? own : nil)
    }
}
