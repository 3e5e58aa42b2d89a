import Dataset
import Glibc
import Tensors

/// Folders of a dataset's files.
enum DatasetFolder {
    /// Makes `root/name` and its parents below `root`; returns its path.
    static func make(_ root: String, _ name: String) throws(DatasetError) -> String {
        var path = root
        for part in name.split(separator: "/") {
            path += "/" + part
            if mkdir(path, 0o777) != 0, errno != EEXIST {
                throw .folder(path: path, reason: String(cString: strerror(errno)))
            }
        }
        return path
    }

    static func work<Value>(_ body: () throws(TensorError) -> Value) throws(DatasetError) -> Value {
        do { return try body() } catch { throw .sink("\(error)") }
    }
}
