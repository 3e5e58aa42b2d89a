/// How many bytes a tensor takes, computed without overflow.
func byteCount(_ shape: [Int], _ type: ElementType) throws(TensorError) -> UInt64 {
    var count = type.size
    for length in shape {
        let (product, overflow) = count.multipliedReportingOverflow(by: length)
        guard length >= 0, !overflow else { throw .shape(shape) }
        count = product
    }
    return UInt64(count)
}
