import ByteCoding

/// A hash of byte strings that is the same in every process.
enum ByteHash {
    static func hash(_ all: UnsafeRawBufferPointer, _ range: Range<Int>) -> UInt64 {
        var hash = UInt64(range.count) &* 0xD6E8_FEB8_6659_FD93
        var position = range.lowerBound
        while position + 8 <= range.upperBound {
            let word = all.loadUnaligned(fromByteOffset: position, as: UInt64.self)
            hash = (hash ^ UInt64(littleEndian: word)) &* 0xD6E8_FEB8_6659_FD93
            hash ^= hash >> 32
            position += 8
        }
        while position < range.upperBound {
            hash = (hash ^ UInt64(all[position])) &* 0xD6E8_FEB8_6659_FD93
            position += 1
        }
        return hash ^ hash >> 32
    }
}
