import ByteCoding
public import Dataset
import Glibc
import MarketModel
import Tensors

/// Writes a dataset as `.safetensors` files: `<part>.safetensors`.
///
/// The format stores tensors in sequence, so each is collected in a file of its own until the end.
public struct SafetensorsSink: DatasetSink {
    private var layout: DatasetLayout?
    private var folder = ""
    private var encoders: [PartEncoder] = []
    private var arrays: [DatasetArray] = []
    private var pieces: [[DatasetArray: ByteOutput]] = []

    /// Makes a sink.
    public init() {}

    /// Begins the files of a fold.
    public mutating func begin(_ layout: DatasetLayout, in folder: String) throws(DatasetError) {
        self.layout = layout
        self.folder = try DatasetFolder.make(folder, layout.folder)
        arrays = DatasetArray.all(layout)
        encoders = layout.parts.map { _ in PartEncoder(layout) }
        pieces = []
        for part in layout.parts {
            var opened: [DatasetArray: ByteOutput] = [:]
            for array in arrays {
                do throws(ByteCodingError) {
                    opened[array] = try ByteOutput(path: piece(part, array))
                } catch {
                    throw .file(error)
                }
            }
            pieces.append(opened)
        }
    }

    private func piece(_ part: DatasetLayout.Part, _ array: DatasetArray) -> String {
        "\(folder)/.\(part.part.rawValue).\(array.rawValue)"
    }

    /// Writes a row.
    public mutating func write(_ row: borrowing OutputRow) throws(DatasetError) {
        let part = pieces[row.part]
        try encoders[row.part].encode(row) { (array, bytes) throws(DatasetError) in
            do { try part[array]?.write(bytes) } catch { throw .sink("\(error)") }
        }
    }

    /// Completes the files.
    public mutating func finish() throws(DatasetError) {
        guard let layout else { return }
        for (index, part) in layout.parts.enumerated() {
            let tensors = SafetensorsFile.aligned(
                arrays.map { SafetensorsFile.Tensor($0.rawValue, $0.type(layout), $0.shape(layout, part)) }
            )
            let path = "\(folder)/\(part.part.rawValue).safetensors"
            let metadata = [
                (key: "features", value: layout.features.joined(separator: ",")),
                (key: "labels", value: layout.labels.joined(separator: ",")),
                (key: "instruments", value: layout.instruments.map(\.description).joined(separator: ",")),
            ]
            let file = try DatasetFolder.work { () throws(TensorError) in
                try SafetensorsFile(path: path, tensors: tensors, metadata: metadata)
            }
            for array in tensors.compactMap({ DatasetArray(rawValue: $0.name) }) {
                do { try pieces[index][array]?.finish(replacing: true) } catch { throw .file(error) }
                try copy(piece(part, array), to: file)
            }
            try DatasetFolder.work { () throws(TensorError) in try file.finish() }
        }
        pieces = []
    }

    private func copy(_ path: String, to file: SafetensorsFile) throws(DatasetError) {
        do {
            let reader = try FileReader(path: path)
            var block = GrowableBytes(capacity: 1 << 20)
            var offset: UInt64 = 0
            while try reader.readBlock(at: &offset, into: &block) { try file.write(block.bytes) }
        } catch {
            throw .sink("\(path): \(error)")
        }
        unlink(path)
    }
}
