import ByteCoding
import Glibc

/// A whole market file in memory, on its way to the disk.
///
/// What the disk does not take is still here: ``write()`` may be called again.
public struct MarketFileImage: Sendable {
    private let name: ReservedName
    private let content: [UInt8]

    init(name: ReservedName, bytes: [UInt8]) { (self.name, content) = (name, bytes) }

    /// How many bytes it takes, in memory as on disk.
    public var byteCount: Int { content.count }

    /// Makes its folder if need be, writes the file, waits until the disk holds it, and names it; the path.
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
