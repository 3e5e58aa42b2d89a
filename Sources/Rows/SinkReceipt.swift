/// What a sink has made of its rows.
public struct SinkReceipt: Sendable, Equatable {
    /// The paths of the files that it completed, in that order.
    public var files: [String]

    /// A receipt of files.
    public init(files: [String] = []) { self.files = files }
}
