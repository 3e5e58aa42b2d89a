import Synchronizer

/// File formats of a dataset.
public enum OutputFormat: String, Sendable, CaseIterable {
    /// One `.npy` file an array, memory-mappable.
    case npy
    /// One `.safetensors` file a part.
    case safetensors
    /// Parquet files by exchange, market, symbol and UTC date.
    case parquet
}
