import CZstd

/// What a zstd frame says of itself.
public enum Zstandard {
    /// The size of the first frame's content as its header states it; nil if it does not, or if it is no frame.
    public static func contentSize(of bytes: RawSpan) -> UInt64? {
        let stated = bytes.withUnsafeBytes { ZSTD_getFrameContentSize($0.baseAddress, $0.count) }
        return stated < UInt64(bitPattern: -2) ? stated : nil
    }
}
