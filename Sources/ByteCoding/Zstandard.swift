import CZstd

/// What a zstd frame says of itself, and the library that makes frames.
public enum Zstandard {
    /// The library's version at run time, such as `1.5.7`: another may compress to other bytes.
    public static var libraryVersion: String { String(cString: ZSTD_versionString()) }

    /// The content size that the first frame's header states; nil without one, or if it is not a frame.
    public static func contentSize(of bytes: RawSpan) -> UInt64? {
        let stated = bytes.withUnsafeBytes { ZSTD_getFrameContentSize($0.baseAddress, $0.count) }
        return stated < UInt64(bitPattern: -2) ? stated : nil
    }
}
