import Exchanges

extension CapturePlan {
    /// Whether the connection at a place is the one of its market that asks what the venue offers.
    func asksDefinitions(_ index: Int) -> Bool {
        let own = connections[index]
        let first = connections.indices.first { other in
            let connection = connections[other]
            return connection.exchange.name == own.exchange.name && connection.market == own.market
                && hasDefinitions(other)
        }
        return first == index
    }

    /// Where that connection's market is asked by REST; nil if it does not ask, or a channel tells.
    func restAddress(_ index: Int) -> String? {
        asksDefinitions(index) ? address(of: connections[index]) : nil
    }

    private func hasDefinitions(_ index: Int) -> Bool {
        let connection = connections[index]
        guard fetchesDefinitions else { return false }
        return connection.exchange.definitions.channelRequest != nil || address(of: connection) != nil
    }

    /// The venue itself is never asked where its socket was given another address.
    private func address(of connection: Connection) -> String? {
        guard let own = connection.exchange.definitions.restEndpoint else { return nil }
        return connection.restEndpoint ?? (connection.endpoint == nil ? own : nil)
    }
}
