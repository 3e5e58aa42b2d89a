public import Dataset

/// The formats of datasets.
public enum DatasetSinks {
    /// The sink of a format.
    public static func sink(_ format: OutputFormat, threads: Int = 1) -> any DatasetSink {
        switch format {
        case .npy: NumpySink()
        case .safetensors: SafetensorsSink()
        case .parquet: ParquetDatasetSink(threads: threads)
        }
    }
}
