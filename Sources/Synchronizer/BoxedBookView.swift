/// A book view behind one pointer, so that passing it on moves eight bytes.
///
/// It keeps value semantics: a shared view is copied before it is changed.
@usableFromInline
package struct BoxedBookView: Sendable {
    // An array of one element is a box with the value semantics wanted.
    @usableFromInline var storage: ContiguousArray<BookView> = [BookView()]

    /// A view of a book awaiting its snapshot.
    package init() {}

    // Inlinable: a read from another module would allocate the frame of the accessor.

    /// The view.
    @inlinable package var view: BookView {
        @inline(__always) _read { yield storage[0] }
        @inline(__always) _modify { yield &storage[0] }
    }
}
