import Foundation

/// A fresh temporary folder, removed on deinit; nothing else is ever removed.
final class TemporaryFolder {
    let path: String

    /// Makes a folder in `parent`, or in the system's temporary folder if nil.
    init(in parent: String?) throws(DatasetError) {
        let parent = parent ?? FileManager.default.temporaryDirectory.path
        var template = Array((parent + "/atelier-dataset-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else {
            let reason = String(cString: strerror(errno))
            throw .folder(
                path: parent,
                reason: "no folder can be made in it: \(reason) (name another --work)"
            )
        }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
