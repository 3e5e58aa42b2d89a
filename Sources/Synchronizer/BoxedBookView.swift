/// A view of a book behind one pointer, so that handing it on moves eight bytes.
///
/// A value all the same: of two holders of one view, the one that changes it takes a copy first.
@usableFromInline
package struct BoxedBookView: Sendable {
    // An array of one element is a box with the value semantics wanted.
    private var storage: ContiguousArray<BookView> = [BookView()]

    /// An empty view.
    package init() {}

    /// The view.
    package var view: BookView {
        @inline(__always) _read { yield storage[0] }
        @inline(__always) _modify { yield &storage[0] }
    }
}
