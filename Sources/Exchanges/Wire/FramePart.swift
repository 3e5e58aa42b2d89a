public import MarketModel

/// What a ``FrameWriter`` writes.
public protocol FramePart {
    /// Appends its text.
    func write(to frame: inout FrameWriter)
}

extension String: FramePart {
    /// The text as it is: whoever hands it on escapes what JSON wants escaped.
    public func write(to frame: inout FrameWriter) { if !isEmpty { frame.write(self) } }
}

extension Int64: FramePart {
    /// A whole number.
    public func write(to frame: inout FrameWriter) { frame.write(self, decimals: 0) }
}

extension FixedDecimal: FramePart {
    /// A decimal with the digits it has, zeros at its end included.
    public func write(to frame: inout FrameWriter) {
        guard zeros == 0 else { return frame.write(description) }
        frame.write(mantissa, decimals: Int(scale))
    }
}
