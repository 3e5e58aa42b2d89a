/// Moves values from the front to the slots of their rows.
enum Spreading {
    static func spread<Value: BitwiseCopyable>(
        _ slots: UnsafeMutablePointer<Value>,
        rows: Int,
        present: Int,
        validity: UnsafePointer<UInt8>,
        placeholder: Value
    ) {
        guard present < rows else { return }
        var source = present
        var row = rows
        // From the end, so that nothing is overwritten before it is moved.
        while row > source {
            row -= 1
            if validity[row] == 1 {
                source -= 1
                slots[row] = slots[source]
            } else {
                slots[row] = placeholder
            }
        }
    }
}
