/// Makes distinct names from names that may repeat.
public enum DistinctNames {
    /// The names in their order; a second `a` becomes `a_1`, or the next free number that no name has.
    ///
    /// Names are equal if their bytes are. Cost: linear, except for runs of used numbers.
    public static func of(_ names: [String]) -> [String] {
        var taken = Set(names.map { Array($0.utf8) })
        var met: [[UInt8]: Int] = [:]
        return names.map { name in
            let key = Array(name.utf8)
            guard let last = met[key] else {
                met[key] = 0
                return name
            }
            var number = last + 1
            while !taken.insert(key + Array("_\(number)".utf8)).inserted { number += 1 }
            met[key] = number
            return "\(name)_\(number)"
        }
    }
}
