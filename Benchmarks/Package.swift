// swift-tools-version: 6.2
import PackageDescription

// What is measured lies in `Workloads`. Two run it: the targets in `Benchmarks/`, on ordo-one's harness
// (`swift package benchmark`), and `Speed`, which takes orders so that scripts/bench can take turns between
// ours and the references. simdjson (libsimdjson-dev) is what decoders are measured against; nothing else
// links it.

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

func benchmarks(_ name: String) -> Target {
    .executableTarget(
        name: name,
        dependencies: ["Harness", "Workloads", .product(name: "Benchmark", package: "benchmark")],
        path: "Benchmarks/\(name)",
        swiftSettings: settings,
        plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]
    )
}

let package = Package(
    name: "Benchmarks",
    dependencies: [
        .package(name: "atelier-data", path: "..", traits: []),
        .package(url: "https://github.com/ordo-one/benchmark", exact: "1.38.1", traits: []),
    ],
    targets: [
        .target(name: "CSimdjson", linkerSettings: [.linkedLibrary("simdjson")]),
        .target(
            name: "Workloads",
            dependencies: ["CSimdjson", .product(name: "AtelierOffline", package: "atelier-data")],
            swiftSettings: settings
        ),
        .target(
            name: "Harness",
            dependencies: ["Workloads", .product(name: "Benchmark", package: "benchmark")],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "Speed",
            dependencies: ["Workloads", .product(name: "AtelierOffline", package: "atelier-data")],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "ParquetSpeed",
            dependencies: [.product(name: "Parquet", package: "atelier-data")]
        ),
        .executableTarget(
            name: "LogSpeed",
            dependencies: ["CSimdjson", .product(name: "AtelierOffline", package: "atelier-data")]
        ),
        benchmarks("Decoders"),
        benchmarks("Books"),
        benchmarks("Clocks"),
        benchmarks("ParquetFiles"),
    ],
    cxxLanguageStandard: .cxx17
)
