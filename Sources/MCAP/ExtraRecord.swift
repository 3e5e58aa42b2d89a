import ByteCoding

/// What a file contains besides messages.
public enum ExtraRecord: Equatable, Sendable {
    /// A file within the file.
    case attachment(Attachment)
    /// Named pairs of texts.
    case metadata(Metadata)
}
