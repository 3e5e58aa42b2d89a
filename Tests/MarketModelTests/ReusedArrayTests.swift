import MarketModel
import Testing

/// Beside an `Array`, by random operations with a printed seed.
@Suite("An array that is filled again and again")
struct ReusedArrayTests {
    /// SplitMix64.
    private struct Random {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var mixed = (state ^ (state &>> 30)) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ (mixed &>> 27)) &* 0x94d0_49bb_1331_11eb
            return mixed ^ (mixed &>> 31)
        }
    }

    @Test("holds what an Array holds", arguments: [1, 2, 3] as [UInt64])
    func beside(seed: UInt64) {
        var random = Random(state: seed)
        var (reused, array, copies) = (ReusedArray<Int>(), [Int](), [(ReusedArray<Int>, [Int])]())
        for step in 0..<4_000 {
            switch random.next() % 9 {
            case 0...4:
                reused.append(step)
                array.append(step)
            case 5:
                let count = Int(random.next() % 40)
                reused.append(addingCapacity: count + 3) { for value in 0..<count { $0.append(value) } }
                array += 0..<count
            case 6:
                let other = ReusedArray(Array(array.suffix(5)))
                reused.append(contentsOf: other)
                array += array.suffix(5)
            case 7:
                let index = Int(random.next() % UInt64(array.count + 1))
                reused.removeAll(from: index)
                array.removeSubrange(index...)
            default:
                if let last = array.indices.last {
                    reused[last] = -step
                    array[last] = -step
                }
                if step % 7 == 0 { copies.append((reused, array)) }
                if step % 90 == 0 {
                    (reused, array) = (
                        {
                            var all = reused
                            all.removeAll()
                            return all
                        }(), []
                    )
                }
            }
            #expect(reused.count == array.count && Array(reused) == array, "seed \(seed), step \(step)")
        }
        // A copy keeps what it was, whatever became of the array it was made of.
        #expect(copies.allSatisfy { Array($0) == $1 } && copies.count > 3)
        let span = reused.span
        #expect(span.count == array.count && span.indices.allSatisfy { span[$0] == array[$0] })
    }
}
