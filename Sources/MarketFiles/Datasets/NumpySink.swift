public import Dataset
import Tensors

/// Writes a dataset as `.npy` files: `<part>/<array>.npy`.
public struct NumpySink: DatasetSink {
    private var encoders: [PartEncoder] = []
    /// A file an array, of each part.
    private var files: [[DatasetArray: NumpyFile]] = []
    private var arrays: [DatasetArray] = []

    /// Makes a sink.
    public init() {}

    /// Begins the files of a fold.
    public mutating func begin(_ layout: DatasetLayout, in folder: String) throws(DatasetError) {
        arrays = DatasetArray.all(layout)
        encoders = layout.parts.map { _ in PartEncoder(layout) }
        files = []
        for part in layout.parts {
            let index = try DatasetFolder.make(folder, layout.folder + part.part.rawValue)
            var opened: [DatasetArray: NumpyFile] = [:]
            for array in arrays {
                opened[array] = try DatasetFolder.work { () throws(TensorError) in
                    try NumpyFile(
                        path: "\(index)/\(array.rawValue).npy",
                        shape: array.shape(layout, part),
                        type: array.type(layout)
                    )
                }
            }
            files.append(opened)
        }
    }

    /// Writes a row.
    public mutating func write(_ row: borrowing OutputRow) throws(DatasetError) {
        let part = files[row.part]
        try encoders[row.part].encode(row) { (array, bytes) throws(DatasetError) in
            do { try part[array]?.write(bytes) } catch { throw .sink("\(error)") }
        }
    }

    /// Completes the files.
    public mutating func finish() throws(DatasetError) {
        for part in files {
            for array in arrays {
                do { try part[array]?.finish() } catch { throw .sink("\(error)") }
            }
        }
    }
}
