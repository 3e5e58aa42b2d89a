/// An array that is emptied and filled again for each frame: emptying it costs nothing, and its memory stays.
///
/// Its elements own nothing, for those that were removed stay in memory until others take their room.
@frozen
public struct ReusedArray<Element: BitwiseCopyable & Sendable>: Sendable {
    /// The elements, and behind them what no one reads.
    @usableFromInline var storage: [Element] = []
    @usableFromInline var end = 0

    /// Makes an empty array.
    @inlinable
    public init() {}

    /// Makes an array of elements.
    @inlinable
    public init(_ elements: some Sequence<Element>) {
        storage = Array(elements)
        end = storage.count
    }

    /// The elements, in place.
    @inlinable
    public var span: Span<Element> {
        @_lifetime(borrow self)
        borrowing get { storage.span.extracting(0..<count) }
    }

    /// Removes all elements.
    @inlinable
    @inline(__always)
    public mutating func removeAll() { end = 0 }

    /// Removes the elements from an index on.
    @inlinable
    public mutating func removeAll(from index: Int) {
        precondition(0...count ~= index, "index \(index) of \(count)")
        end = index
    }

    /// Appends an element.
    @inlinable
    @inline(__always)
    public mutating func append(_ element: Element) {
        if count == storage.count { grow(by: 1) }
        storage[count] = element
        end &+= 1
    }

    /// Appends the elements of another array.
    @inlinable
    public mutating func append(contentsOf other: borrowing ReusedArray) {
        append(addingCapacity: other.count) { output in
            output.withUnsafeMutableBufferPointer { free, initializedCount in
                other.storage.withUnsafeBufferPointer {
                    _ = free.update(fromContentsOf: UnsafeBufferPointer(rebasing: $0[..<other.count]))
                }
                initializedCount = other.count
            }
        }
    }

    /// Appends what `body` writes, at most `capacity` elements.
    @inlinable
    @inline(__always)
    public mutating func append(
        addingCapacity capacity: Int,
        initializingWith body: (inout OutputSpan<Element>) -> Void
    ) {
        if storage.count &- count < capacity { grow(by: capacity) }
        let start = count
        end &+= storage.withUnsafeMutableBufferPointer { storage in
            let free = UnsafeMutableBufferPointer(rebasing: storage[start...])
            var output = OutputSpan(buffer: free, initializedCount: 0)
            body(&output)
            return output.finalize(for: free)
        }
    }

    /// Makes room for more elements, at least twice what there is.
    @usableFromInline
    @inline(never)
    mutating func grow(by capacity: Int) {
        let (old, count) = (storage, count)
        let capacity = Swift.max(count + capacity, 2 * count, 8)
        storage = Array(unsafeUninitializedCapacity: capacity) { new, initializedCount in
            old.withUnsafeBufferPointer { _ = new.update(fromContentsOf: $0[..<count]) }
            // Elements that own nothing need not be initialized to be overwritten.
            initializedCount = new.count
        }
    }
}

extension ReusedArray: RandomAccessCollection, MutableCollection {
    /// The index of the first element.
    @inlinable
    public var startIndex: Int { 0 }

    /// The index behind the last element.
    @inlinable
    public var endIndex: Int { end }

    /// How many elements it has.
    @inlinable
    public var count: Int { end }

    /// The element at an index.
    @inlinable
    public subscript(index: Int) -> Element {
        // Lends the element: a copy of a trade is 136 bytes. Transparent, for a coroutine's call may allocate.
        @_transparent
        _read {
            precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "no element at the index")
            yield storage[index]
        }
        @inline(__always)
        set {
            precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "no element at the index")
            storage[index] = newValue
        }
    }
}
