/// A value that can be read where there was none: an element of a list, or an optional.
package protocol StateElement: StateCodable {
    /// A value to read into.
    static var blank: Self { get }
}
