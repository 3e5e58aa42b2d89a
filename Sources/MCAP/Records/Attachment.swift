/// A file within the file.
public struct Attachment: Equatable, Sendable {
    /// When it was recorded.
    public var logTime: UInt64
    /// When it was made; 0 if not known.
    public var createTime: UInt64
    /// Its name.
    public var name: String
    /// Its media type.
    public var mediaType: String
    /// Its content.
    public var data: [UInt8]

    /// Makes an attachment.
    public init(logTime: UInt64, createTime: UInt64, name: String, mediaType: String, data: [UInt8]) {
        self.logTime = logTime
        self.createTime = createTime
        self.name = name
        self.mediaType = mediaType
        self.data = data
    }
}
