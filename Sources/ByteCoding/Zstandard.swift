import CZstd

/// What a zstd frame says of itself.
public enum Zstandard {
    /// The content size that the first frame's header states; nil without one, or if it is not a frame.
    public static func contentSize(of bytes: RawSpan) -> UInt64? {
        let stated = bytes.withUnsafeBytes { ZSTD_getFrameContentSize($0.baseAddress, $0.count) }
        return stated < UInt64(bitPattern: -2) ? stated : nil
    }
}
