/// Says what is wrong with the messages a recovery keeps, by rules of their own that the container does not know.
public protocol MessageValidator: AnyObject {
    /// What was found so far, as damage that cost no bytes.
    var losses: [Loss] { get }

    /// Takes the next message; `offset` is that of the record that holds it.
    func validate(_ message: MessageHeader, on channel: Channel, at offset: UInt64)
}
