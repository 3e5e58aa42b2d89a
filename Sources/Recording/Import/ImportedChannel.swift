/// A channel of an imported connection: a direction and, of replies, the request.
struct ImportedChannel: Equatable {
    var direction: FrameDirection
    /// The path of the request; empty if it is not known.
    var request = ""

    init(_ direction: FrameDirection, _ request: String = "") {
        self.direction = direction
        self.request = request
    }

    static let received = ImportedChannel(.received)
    static let status = ImportedChannel(.status)

    /// Whether it is the same channel of a recording that an import continues.
    func continues(_ channel: FrameChannel) -> Bool {
        channel.direction == direction && channel.request == request
    }
}

extension ImportSession.Connection {
    /// The channels in the order of directions, with their indexes.
    var orderedChannels: [(index: Int, channel: ImportedChannel)] {
        FrameDirection.allCases.flatMap { direction in
            channels.enumerated().filter { $0.element.direction == direction }.map { ($0.offset, $0.element) }
        }
    }
}
