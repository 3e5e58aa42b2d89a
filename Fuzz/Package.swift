// swift-tools-version: 6.2
import Foundation
import PackageDescription

// Fuzz targets on libFuzzer: scripts/fuzz builds and runs them. The modules are the project's own, by
// links, so that they are built with the fuzzer's coverage.

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableExperimentalFeature("Lifetimes"),
    .unsafeFlags(["-sanitize=fuzzer", "-parse-as-library"]),
]

func library(_ name: String, _ pkgConfig: String) -> Target {
    .systemLibrary(name: name, pkgConfig: pkgConfig)
}

/// Notes beside the code are documentation, not resources.
func notes(in module: String) -> [String] {
    let folder = URL(filePath: Context.packageDirectory).appending(path: "../Sources/\(module)").standardized
    let walk = FileManager.default.enumerator(atPath: folder.path())
    return (walk?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".md") || $0.hasSuffix("Fixtures") }.sorted()
}

func module(_ name: String, _ imports: [String]) -> Target {
    .target(
        name: name,
        dependencies: imports.map { .target(name: $0) },
        exclude: notes(in: name),
        swiftSettings: settings
    )
}

func fuzzer(_ name: String, _ imports: [String]) -> Target {
    .executableTarget(
        name: name,
        dependencies: (imports + ["Driver"]).map { .target(name: $0) },
        swiftSettings: settings,
        linkerSettings: [.unsafeFlags(["-sanitize=fuzzer"])]
    )
}

let package = Package(
    name: "fuzz",
    targets: [
        library("CZstd", "libzstd"), library("CLZ4", "liblz4"), library("CSnappy", "snappy"),
        library("CDeflate", "libdeflate"), library("CBrotli", "libbrotlidec"), library("CZlib", "zlib"),
        library("CCrypto", "libcrypto"),
        .target(
            name: "ByteCoding",
            dependencies: ["CZstd", "CLZ4", "CSnappy", "CDeflate", "CBrotli", "CZlib", "CCrypto"],
            swiftSettings: settings
        ),
        .target(name: "MCAP", dependencies: ["ByteCoding"], swiftSettings: settings),
        .target(name: "Parquet", dependencies: ["ByteCoding"], swiftSettings: settings),
        module("MarketModel", []),
        module("OrderBooks", ["MarketModel"]),
        module("Exchanges", ["MarketModel", "OrderBooks", "ByteCoding"]),
        module("DecoderChecks", ["MarketModel", "OrderBooks", "Exchanges"]),
        .target(name: "Driver"),
        fuzzer("FuzzReader", ["ByteCoding", "MCAP"]),
        fuzzer("FuzzCodecs", ["ByteCoding"]),
        fuzzer("FuzzParquet", ["ByteCoding", "Parquet"]),
        fuzzer("FuzzFrames", ["DecoderChecks", "Exchanges", "MarketModel"]),
    ]
)
