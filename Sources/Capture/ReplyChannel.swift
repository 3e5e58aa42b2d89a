import Recording

/// The channel of the replies to one REST request.
struct ReplyChannel {
    /// The path of the request, with its query.
    let path: String
    /// The sequence of its next reply.
    var sequence: UInt32 = 1
    /// Its number in the file being written; nil while the file has none of its replies.
    var number: RecordingWriter.ChannelNumber?
}
