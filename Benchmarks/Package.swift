// swift-tools-version: 6.1
import PackageDescription

// simdjson (libsimdjson-dev) is what decoders are measured against; nothing else links it.

let package = Package(
    name: "Benchmarks",
    dependencies: [
        .package(name: "atelier-data", path: "..")
    ],
    targets: [
        .executableTarget(
            name: "ParquetSpeed",
            dependencies: [.product(name: "Parquet", package: "atelier-data")]
        ),
        .target(name: "CSimdjson", linkerSettings: [.linkedLibrary("simdjson")]),
        .executableTarget(
            name: "DecoderSpeed",
            dependencies: ["CSimdjson", .product(name: "AtelierData", package: "atelier-data")]
        ),
    ],
    cxxLanguageStandard: .cxx17
)
