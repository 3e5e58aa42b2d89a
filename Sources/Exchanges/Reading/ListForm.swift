/// What may stand where an array is expected.
enum ListForm {
    case array
    /// Nothing at all, which is an empty list.
    case arrayOrNothing
    /// An object, which is a list of itself.
    case arrayOrObject
}
