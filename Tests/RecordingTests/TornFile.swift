import ByteCoding
import MarketModel
import Recording

/// A small generator whose seed a failing test prints.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

/// A damaged recording, and its undamaged parts.
struct TornFile {
    /// A record of the file.
    private struct Piece {
        var bytes: [UInt8]
        /// The frames of a chunk.
        var frames: [Int] = []
        /// Which bytes are unchanged; a truncated piece does not count as intact.
        var isWhole = true
    }

    /// How many frames the recording held.
    let total: Int
    /// The rest of the file.
    private(set) var bytes: [UInt8] = []
    /// Frames of undamaged chunks, in file order.
    private(set) var wholeFrames: [Int] = []
    /// The kind of damage.
    private(set) var story: [String] = []
    /// Whether chunks are duplicated, reordered or removed.
    private(set) var isRearranged = false

    private var pieces: [Piece] = []

    /// The text of a frame by its number.
    static func text(_ index: Int) -> String {
        "{\"frame\":\(index),\"noise\":\(index &* 2_654_435_761 % 999_983)}"
    }

    /// Records a session and damages it, all determined by the seed.
    init(seed: UInt64) throws {
        var random = SplitMix(state: seed)
        total = Int.random(in: 40...220, using: &random)
        let compression = RecordingWriter.Compression.allCases.randomElement(using: &random) ?? .zstd
        let sent = (0..<total).map { index in
            (index % 9 == 0 ? 1 : 0, Int64(1_000 + index), Self.text(index))
        }
        let whole = try record(
            sent,
            channels: RecordingTests.channels,
            compression: compression,
            chunkSize: Int.random(in: 200...2_500, using: &random)
        )
        take(whole)
        for _ in 0..<Int.random(in: 1...4, using: &random) { happen(&random) }
        bytes = Array(whole[..<8])
        for piece in pieces { bytes += piece.bytes }
        // Of a duplicated chunk one is kept.
        var seen: Set<Int> = []
        wholeFrames = pieces.filter(\.isWhole).flatMap(\.frames).filter { seen.insert($0).inserted }
    }

    /// Splits a file into its records.
    private mutating func take(_ bytes: [UInt8]) {
        func number(_ slot: Int, _ size: Int) -> Int {
            (0..<size).reduce(0) { $0 | Int(bytes[slot + $1]) << (8 * $1) }
        }
        var position = 8
        var frame = 0
        while position + 9 <= bytes.count - 8 {
            let end = position + 9 + number(position + 1, 8)
            var piece = Piece(bytes: Array(bytes[position..<end]))
            // A chunk's message indexes give its number of frames.
            if bytes[position] == 7, let chunk = pieces.lastIndex(where: { $0.bytes[0] == 6 }) {
                let count = number(position + 11, 4) / 16
                pieces[chunk].frames += Array(frame..<frame + count)
                frame += count
            }
            piece.frames = []
            pieces.append(piece)
            position = end
        }
        pieces.append(Piece(bytes: Array(bytes[position...])))
    }

    private mutating func happen(_ random: inout SplitMix) {
        let slot = Int.random(in: 0..<pieces.count, using: &random)
        switch Int.random(in: 0..<8, using: &random) {
        case 0: cut(&random)
        case 1: flip(slot, &random)
        case 2: fill(slot, &random)
        case 3: shorten(slot, &random)
        case 4: insert(slot, &random)
        case 5: rearrange(slot, &random)
        case 6: remove(slot)
        default: flip(slot, &random)
        }
    }

    private mutating func cut(_ random: inout SplitMix) {
        var left = Int.random(in: 0..<pieces.reduce(0) { $0 + $1.bytes.count }, using: &random)
        story.append("cut \(left) bytes behind the first 8")
        for slot in pieces.indices {
            let count = min(left, pieces[slot].bytes.count)
            if count < pieces[slot].bytes.count { pieces[slot].isWhole = false }
            pieces[slot].bytes.removeSubrange(count...)
            left -= count
        }
        pieces.removeAll { $0.bytes.isEmpty }
        if pieces.isEmpty { pieces = [Piece(bytes: [0], isWhole: false)] }
    }

    private mutating func flip(_ slot: Int, _ random: inout SplitMix) {
        let at = Int.random(in: 0..<pieces[slot].bytes.count, using: &random)
        pieces[slot].bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        pieces[slot].isWhole = false
        story.append("bit of byte \(at) of record \(slot)")
    }

    /// Zeros over the end of a record and its successor, as an unwritten block leaves them.
    private mutating func fill(_ slot: Int, _ random: inout SplitMix) {
        var at = Int.random(in: 0..<pieces[slot].bytes.count, using: &random)
        var left = Int.random(in: 1...4_096, using: &random)
        story.append("\(left) zeros from byte \(at) of record \(slot)")
        for piece in pieces.indices.dropFirst(slot) where left > 0 {
            let end = min(at + left, pieces[piece].bytes.count)
            for byte in at..<end { pieces[piece].bytes[byte] = 0 }
            pieces[piece].isWhole = false
            left -= end - at
            at = 0
        }
    }

    private mutating func shorten(_ slot: Int, _ random: inout SplitMix) {
        let count = Int.random(in: 1...pieces[slot].bytes.count, using: &random)
        pieces[slot].bytes.removeLast(count)
        pieces[slot].isWhole = false
        story.append("record \(slot) without its last \(count) bytes")
        if pieces[slot].bytes.isEmpty { pieces[slot].bytes = [0] }
    }

    private mutating func insert(_ slot: Int, _ random: inout SplitMix) {
        let count = Int.random(in: 1...600, using: &random)
        let noise = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
        pieces.insert(Piece(bytes: noise, isWhole: false), at: slot)
        story.append("\(count) bytes of noise before record \(slot)")
    }

    /// Records written twice or in another order.
    private mutating func rearrange(_ slot: Int, _ random: inout SplitMix) {
        let copy = pieces[slot]
        let target = Int.random(in: 0...pieces.count, using: &random)
        if Bool.random(using: &random) { pieces.remove(at: slot) }
        pieces.insert(copy, at: min(target, pieces.count))
        isRearranged = true
        story.append("record \(slot) at \(target)")
    }

    private mutating func remove(_ slot: Int) {
        guard pieces.count > 1 else { return }
        pieces.remove(at: slot)
        isRearranged = true
        story.append("without record \(slot)")
    }
}
