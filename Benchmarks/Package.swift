// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "Benchmarks",
    dependencies: [.package(name: "atelier-data", path: "..")],
    targets: [
        .executableTarget(
            name: "ParquetSpeed",
            dependencies: [.product(name: "Parquet", package: "atelier-data")]
        )
    ]
)
