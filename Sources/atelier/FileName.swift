/// Names of files without the folders they lie in: where a file lies is nobody's business but its owner's.
enum FileName {
    /// The last part of a path.
    static func last(of path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

    /// The last part of a path, standard input in words.
    static func shown(_ path: String) -> String { path == "-" ? "standard input" : last(of: path) }
}
