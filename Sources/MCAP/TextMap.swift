/// Text by text key, in the order of the file.
public struct TextMap: Equatable, Sendable, ExpressibleByDictionaryLiteral {
    /// One key and its value.
    public struct Entry: Equatable, Sendable {
        /// The key.
        public var key: String
        /// The value.
        public var value: String

        /// Makes an entry.
        public init(key: String, value: String) {
            self.key = key
            self.value = value
        }
    }

    /// The entries in order; a writer keeps keys unique.
    public var entries: [Entry]

    /// Makes a map from entries in order.
    public init(_ entries: [Entry] = []) { self.entries = entries }

    /// Makes a map in the literal's order.
    public init(dictionaryLiteral elements: (String, String)...) {
        entries = elements.map { Entry(key: $0.0, value: $0.1) }
    }

    /// The value of the first entry with this key; setting replaces, appends or (nil) removes.
    public subscript(key: String) -> String? {
        get { entries.first { $0.key == key }?.value }
        set {
            let index = entries.firstIndex { $0.key == key }
            switch (index, newValue) {
            case (let index?, let value?): entries[index].value = value
            case (let index?, nil): entries.remove(at: index)
            case (nil, let value?): entries.append(Entry(key: key, value: value))
            case (nil, nil): break
            }
        }
    }
}
