import ByteCoding
import MCAP

/// What tells a finished recording from others, taken from its index: its name, its size and the CRC-32 of its summary.
public struct RecordingMark: Equatable {
    /// The last part of its path.
    public var name: String
    /// Its size, bytes.
    public var size: UInt64
    /// The CRC-32 of the bytes behind its data, which name all chunks, their times and the counts of frames.
    public var summaryCRC: UInt32

    private let file: FileReader
    private let summary: Summary

    /// Reads the index; nil for what has no trusted one: pipes, torn files, recordings of other people.
    public init?(path: String) {
        guard path != "-", FileReader.isRegularFile(path), let file = try? FileReader(path: path),
            let summary = try? Summary(file), summary.header.profile == RecordingWriter.profile,
            !summary.chunkIndexes.isEmpty, summary.fits(file),
            let size = Int(exactly: file.size - summary.offset)
        else { return nil }
        var bytes = GrowableBytes()
        guard (try? file.read(at: summary.offset, count: size, appendingTo: &bytes)) != nil else {
            return nil
        }
        name = path.split(separator: "/").last.map(String.init) ?? path
        self.size = file.size
        summaryCRC = CRC32.checksum(bytes.bytes)
        (self.file, self.summary) = (file, summary)
    }

    /// Whether all frames are in indexed chunks, and nothing says that some were lost before.
    /// - Complexity: one small read a chunk.
    public var isExhaustive: Bool {
        summary.isExhaustive(in: file) && !summary.metadataIndexes.contains { $0.name == Recovery.reportName }
    }

    /// The mark in one line.
    public var text: String { "\(name) \(size) \(summaryCRC)" }

    /// Whether both are of one file.
    public static func == (left: Self, right: Self) -> Bool { left.text == right.text }
}
