// swift-tools-version: 6.1
import PackageDescription

// Targets on ordo-one/benchmark must lie in Benchmarks/Benchmarks, elsewhere the plugin runs nothing.
// simdjson (libsimdjson-dev) is what decoders are measured against; nothing else links it.

let decoding: [Target.Dependency] = [
    "CSimdjson", .product(name: "AtelierData", package: "atelier-data"),
]

let package = Package(
    name: "Benchmarks",
    dependencies: [
        .package(name: "atelier-data", path: ".."),
        .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
    ],
    targets: [
        .executableTarget(
            name: "ParquetSpeed",
            dependencies: [.product(name: "Parquet", package: "atelier-data")]
        ),
        .target(name: "CSimdjson", linkerSettings: [.linkedLibrary("simdjson")]),
        .executableTarget(name: "DecoderSpeed", dependencies: decoding),
        .executableTarget(
            name: "Decoders",
            dependencies: decoding + [.product(name: "Benchmark", package: "benchmark")],
            path: "Benchmarks/Decoders",
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]
        ),
    ],
    cxxLanguageStandard: .cxx17
)
