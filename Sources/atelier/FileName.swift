/// File names without their folders, which outputs must not reveal.
enum FileName {
    /// The last part of a path.
    static func last(of path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

    /// The last part of a path, or words for standard input.
    static func shown(_ path: String) -> String { path == "-" ? "standard input" : last(of: path) }
}
