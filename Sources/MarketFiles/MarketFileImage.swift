import ByteCoding
import Glibc

/// A complete market file in memory, ready to be written.
///
/// If writing fails the content is kept: ``write()`` may be called again.
public struct MarketFileImage: Sendable {
    private let name: ReservedName
    private let content: [UInt8]

    init(name: ReservedName, bytes: [UInt8]) { (self.name, content) = (name, bytes) }

    /// Its size in memory and on disk, bytes.
    public var byteCount: Int { content.count }

    /// Makes its folder if needed, writes and syncs the file, and renames it; returns the path.
    ///
    /// After an error nothing of it is on disk.
    public func write() throws(MarketFileError) -> String {
        _ = try MarketFileStore.make(name.directory)
        let temporary = "\(name.directory)/.\(getpid())-\(name.type.tag)-\(name.stage.rawValue)-\(name.stamp)"
        do throws(ByteCodingError) {
            let output = try ByteOutput(path: temporary)
            do throws(ByteCodingError) {
                try output.write(content.span.bytes)
                try output.finish(replacing: true)
            } catch {
                output.discard()
                throw error
            }
        } catch {
            throw .write(path: name.directory, reason: error.description)
        }
        do {
            let path = try name.reserve(temporary)
            ByteOutput.synchronizeFolder(of: path)
            return path
        } catch {
            unlink(temporary)
            throw error
        }
    }
}
