import MarketModel

// Numbers that are equal on all connections.
extension BookKeeper {
    /// Whether another connection has brought a message, as far as the book is; records that this one has.
    ///
    /// A number that the book is not at yet is none: what lies before it may be missing. Nor is a snapshot that a book
    /// waits for, whoever has brought its number.
    @inline(__always)
    mutating func isCopy(_ update: BookUpdate, on connection: Int32) -> Bool {
        guard let number = update.updateID, !update.isSeed else { return false }
        let previous = update.isSnapshot ? nil : update.link.previous
        let isNext = previous != nil && previous == lastUpdateID && update.depth == depth
        let isWanted = isNext || (update.isSnapshot && book.state != .synced)
        let isCopy = !isWanted && isKnown(number, update.depth, besides: connection)
        brought.add(number, after: previous, update.depth, by: connection)
        if isCopy { topics.begin(connection, update.depth) }
        return isCopy
    }

    @inline(never)
    private func isKnown(_ number: Int64, _ depth: UInt32, besides connection: Int32) -> Bool {
        guard depth != self.depth || number <= lastUpdateID ?? .min else { return false }
        return brought.hasCopy(number, depth, besides: connection)
    }

    /// Whether a message joins what the leading connection has brought: the next delta of the chain, whose
    /// connection then leads, or a seed.
    mutating func goesOn(_ update: BookUpdate, _ connection: Int32) -> Bool {
        guard self.connection != nil, update.depth == depth else { return false }
        if update.isSeed { return true }
        guard !update.isSnapshot, let lastUpdateID, update.link.previous == lastUpdateID else { return false }
        self.connection = connection
        return true
    }

    /// Whether the book is led by this connection, and another carries it on without it.
    public func isCarriedOn(without connection: Int32) -> Bool {
        self.connection == connection && !brought.isEmpty && topics.carrier(depth, besides: connection) != nil
    }

    /// Passes the lead to another connection that carries the book; returns whether there is one.
    mutating func passLead(from connection: Int32) -> Bool {
        guard !brought.isEmpty, let other = topics.carrier(depth, besides: connection) else { return false }
        self.connection = other
        return true
    }
}
