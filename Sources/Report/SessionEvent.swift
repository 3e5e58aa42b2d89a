/// Something that happened at a time, for the page's lists.
package struct SessionEvent: Sendable, Equatable {
    /// When: nanoseconds since the Unix epoch, UTC.
    package var time: Int64
    /// When it ended, if known.
    package var end: Int64?
    /// What.
    package var what: String
    /// The connection or instrument concerned.
    package var subject: String
    /// What more is known.
    package var detail: String

    /// Makes a line.
    package init(time: Int64, end: Int64? = nil, what: String, subject: String, detail: String = "") {
        (self.time, self.end, self.what, self.subject, self.detail) = (time, end, what, subject, detail)
    }
}
