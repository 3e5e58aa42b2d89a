/// Validates recovered messages against rules above the container format.
public protocol MessageValidator: AnyObject {
    /// The problems found so far, as losses of no bytes.
    var losses: [Loss] { get }

    /// Checks the next message; `offset` is that of the record that contains it.
    func validate(_ message: MessageHeader, on channel: Channel, at offset: UInt64)
}
