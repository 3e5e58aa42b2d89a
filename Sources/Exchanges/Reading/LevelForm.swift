/// What an array that is a level holds behind its price and size.
enum LevelForm {
    /// Nothing: `["price","size"]`.
    case pair
    /// Two texts that are not read: `["price","size","0","3"]`.
    case pairAndTwo

    /// How many elements are not read.
    var extras: Int { self == .pair ? 0 : 2 }
}
