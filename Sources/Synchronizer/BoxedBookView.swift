/// A book view behind one pointer, so that passing it on moves eight bytes.
///
/// It keeps value semantics: a shared view is copied before it is changed.
@usableFromInline
package struct BoxedBookView: Sendable {
    // An array of one element is a box with the value semantics wanted.
    private var storage: ContiguousArray<BookView> = [BookView()]

    /// A view of a book awaiting its snapshot.
    package init() {}

    /// The view.
    package var view: BookView {
        @inline(__always) _read { yield storage[0] }
        @inline(__always) _modify { yield &storage[0] }
    }
}
