/// How far a build is.
package enum BuildStep: Sendable {
    /// Rows made so far.
    case rows(Int)
    /// Rows written so far, of all.
    case writing(Int, of: Int)
    /// Cuts of the log audited so far.
    case audit(Int)
}
