/// The product.
public enum AtelierData {
    /// Its name and version, as files and manifests name what wrote them.
    public static let version = "atelier-data 0.1.0"
}
