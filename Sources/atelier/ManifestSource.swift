import ByteCoding
import MarketModel
import TOMLKit

/// A manifest's text, for finding the lines of keys.
struct ManifestSource {
    let path: String
    let text: String

    init(_ path: String, _ text: String) { (self.path, self.text) = (path, text) }

    /// The location of a table's key, `file:line`; the table's line or only the file if unknown.
    func line(of key: String, in location: String) -> String {
        var current = ""
        var counts: [(name: String, count: Int)] = []
        var nearest: Int?
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let words = line.drop { $0 == " " || $0 == "\t" }
            if words.hasPrefix("[[") {
                let name = String(words.dropFirst(2).prefix { $0 != "]" })
                let count = counts.first { $0.name == name }?.count ?? 0
                counts.removeAll { $0.name == name }
                counts.append((name, count + 1))
                current = "\(name)[\(count)]"
            } else if words.hasPrefix("[") {
                current = String(words.dropFirst().prefix { $0 != "]" })
            } else if current == location,
                words.prefix(while: { $0 != " " && $0 != "=" && $0 != "\t" }) == key
            {
                return "\(path):\(number + 1)"
            }
            if current == location || current == (location.isEmpty ? key : "\(location).\(key)") {
                nearest = nearest ?? number + 1
            }
        }
        return nearest.map { "\(path):\($0)" } ?? path
    }
}
