/// A reusable, growable buffer of bytes: appends are unaligned little-endian stores, clearing keeps the
/// memory, and growing does not zero it.
///
/// Not copyable, because it owns its memory; ``bytes`` borrows it.
@frozen
public struct GrowableBytes: ~Copyable {
    @usableFromInline
    var storage: UnsafeMutableRawPointer
    /// How many bytes fit without growing.
    public private(set) var capacity: Int
    /// How many bytes are held.
    @usableFromInline
    var used: Int

    /// Makes an empty buffer with room for `capacity` bytes.
    public init(capacity: Int = 0) {
        storage = UnsafeMutableRawPointer.allocate(byteCount: max(capacity, 64), alignment: 16)
        self.capacity = max(capacity, 64)
        used = 0
    }

    deinit { storage.deallocate() }

    /// How many bytes are held.
    @inlinable
    public var count: Int { used }

    /// The bytes held.
    @inlinable
    public var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            // Safe: the memory lives as long as self and `used` bytes of it are initialized.
            let span = RawSpan(_unsafeStart: UnsafeRawPointer(storage), byteCount: used)
            return _overrideLifetime(span, borrowing: self)
        }
    }

    /// The start of the bytes, for owners that vend spans of their own; changes whenever the buffer grows.
    @inlinable
    public var unsafeBase: UnsafeRawPointer { UnsafeRawPointer(storage) }

    /// Removes all bytes, keeping the memory.
    @inlinable
    public mutating func removeAll() { used = 0 }

    /// Removes the bytes after the first `count`, if there are more.
    @inlinable
    public mutating func truncate(to count: Int) { used = min(used, max(count, 0)) }

    /// Reserves capacity for `count` more bytes.
    @inlinable
    public mutating func reserve(_ count: Int) {
        if count > capacity - used { grow(by: count) }
    }

    @usableFromInline
    mutating func grow(by count: Int) {
        let wanted = max(used + count, capacity + capacity / 2)
        let moved = UnsafeMutableRawPointer.allocate(byteCount: wanted, alignment: 16)
        moved.copyMemory(from: storage, byteCount: used)
        storage.deallocate()
        storage = moved
        capacity = wanted
    }
}

extension GrowableBytes {
    /// Appends an integer in little-endian order.
    @inlinable
    public mutating func append<Value: FixedWidthInteger & BitwiseCopyable>(_ value: Value) {
        let size = MemoryLayout<Value>.size
        reserve(size)
        (storage + used).storeBytes(of: value.littleEndian, as: Value.self)
        used += size
    }

    /// Appends bytes.
    @inlinable
    public mutating func append(_ bytes: RawSpan) {
        let size = bytes.byteCount
        reserve(size)
        bytes.withUnsafeBytes { source in
            guard let base = source.baseAddress else { return }
            (storage + used).copyMemory(from: base, byteCount: size)
        }
        used += size
    }

    /// Appends bytes.
    @inlinable
    public mutating func append(_ bytes: [UInt8]) { append(bytes.span.bytes) }

    /// Appends the UTF-8 bytes of a text, without its length.
    @inlinable
    public mutating func append(utf8 text: String) { text.withBytes { append($0) } }

    /// Appends up to `count` bytes that `fill` writes; it returns how many it wrote.
    ///
    /// The memory passed to `fill` is not initialized.
    @inlinable
    public mutating func append<Failure: Error>(
        upTo count: Int,
        _ fill: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
    ) throws(Failure) {
        reserve(count)
        let room = UnsafeMutableRawBufferPointer(start: storage + used, count: count)
        used += min(max(try fill(room), 0), count)
    }

    /// Overwrites an integer written before.
    ///
    /// Precondition: it is within the bytes held.
    @inlinable
    public mutating func overwrite<Value: FixedWidthInteger & BitwiseCopyable>(_ value: Value, at offset: Int)
    {
        precondition(offset >= 0 && offset <= used - MemoryLayout<Value>.size, "overwrite outside the buffer")
        (storage + offset).storeBytes(of: value.littleEndian, as: Value.self)
    }

    /// Removes the first `count` bytes (at most those held), moving the rest to the front.
    public mutating func removeFirst(_ count: Int) {
        let removed = min(max(count, 0), used)
        guard removed > 0 else { return }
        storage.copyMemory(from: storage + removed, byteCount: used - removed)
        used -= removed
    }
}
