// swift-tools-version: 6.2
import Foundation
import PackageDescription

// Who may import whom is written in one table, `modules`; the build enforces it with
// `--explicit-target-dependency-import-check error` (see docs/ARCHITECTURE.md).

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableExperimentalFeature("Lifetimes"),
    .treatAllWarnings(as: .error),
]

/// With `ATELIER_OPTIMISED=1` modules are optimised in debug builds as well, for tests that run several times faster;
/// assertions, the books' checks and `@testable` stay.
let optimised: [SwiftSetting] =
    Context.environment["ATELIER_OPTIMISED"] == nil
    ? [] : [.unsafeFlags(["-O", "-assert-config", "Debug"], .when(configuration: .debug))]

/// Notes and fixtures beside the code (`WIRE.md`, `Fixtures`) are no resources.
func notes(in directory: String) -> [String] {
    let root = URL(filePath: Context.packageDirectory).appending(path: directory)
    guard let walk = FileManager.default.enumerator(atPath: root.path()) else { return [] }
    return walk.compactMap { $0 as? String }.filter { $0.hasSuffix(".md") || $0.hasSuffix("Fixtures") }
        .sorted()
}

/// Python scripts and fixtures beside the tests are read by them, not built.
func scripts(beside directory: String) -> [String] {
    let root = URL(filePath: Context.packageDirectory).appending(path: directory)
    guard let walk = FileManager.default.enumerator(atPath: root.path()) else { return [] }
    return walk.compactMap { $0 as? String }.filter { $0.hasSuffix(".py") || $0 == "Fixtures" }.sorted()
}

func module(
    _ name: String,
    _ imports: [String],
    _ products: [Target.Dependency] = [],
    settings: [SwiftSetting] = []
) -> Target {
    .target(
        name: name,
        dependencies: imports.map { .target(name: $0) } + products,
        exclude: notes(in: "Sources/\(name)"),
        swiftSettings: strict + optimised + settings
    )
}

func tests(of name: String, _ imports: [String] = [], _ products: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: ([name] + imports).map { .target(name: $0) } + products,
        exclude: scripts(beside: "Tests/\(name)Tests"),
        swiftSettings: strict
    )
}

// MARK: - C libraries of the system

func library(_ name: String, pkgConfig: String, apt package: String) -> Target {
    .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([package])])
}

let libraries: [Target] = [
    library("CZstd", pkgConfig: "libzstd", apt: "libzstd-dev"),
    library("CLZ4", pkgConfig: "liblz4", apt: "liblz4-dev"),
    library("CSnappy", pkgConfig: "snappy", apt: "libsnappy-dev"),
    library("CBrotli", pkgConfig: "libbrotlidec", apt: "libbrotli-dev"),
    library("CDeflate", pkgConfig: "libdeflate", apt: "libdeflate-dev"),
    library("CZlib", pkgConfig: "zlib", apt: "zlib1g-dev"),
    library("CCrypto", pkgConfig: "libcrypto", apt: "libssl-dev"),
]

/// Sockets: in Capture and FakeExchange alone.
///
/// BoringSSL is most of a cold build, hence the trait: `--disable-default-traits` builds without.
let sockets: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
    .product(name: "NIOHTTP1", package: "swift-nio"),
    .product(name: "NIOWebSocket", package: "swift-nio"),
    .product(name: "NIOSSL", package: "swift-nio-ssl", condition: .when(traits: ["TLS"])),
]

// MARK: - Modules

let modules: [Target] = [
    module("MarketModel", []),
    // Tests are built for debugging: there every message is followed by a check of the whole book.
    module(
        "OrderBooks",
        ["MarketModel"],
        settings: [.define("ATELIER_CHECK_INVARIANTS", .when(configuration: .debug))]
    ),
    module(
        "Synchronizer",
        ["MarketModel", "OrderBooks"],
        [.product(name: "Histogram", package: "hdrhistogram-swift")]
    ),
    module("Features", ["MarketModel", "OrderBooks", "Synchronizer"]),
    module("Exchanges", ["MarketModel", "OrderBooks", "ByteCoding"]),
    module("Rows", ["MarketModel", "ByteCoding", "OrderBooks", "Synchronizer", "Features"]),
    module("Pipeline", ["MarketModel", "OrderBooks", "Exchanges", "Synchronizer", "Features", "Rows"]),
    module(
        "Replay",
        [
            "MarketModel", "ByteCoding", "OrderBooks", "Exchanges", "Synchronizer", "Features", "Pipeline",
            "Recording", "Rows",
        ]
    ),
    module("Measurement", ["MarketModel", "OrderBooks", "Synchronizer", "Pipeline"]),
    module("Report", ["MarketModel"]),
    module(
        "MarketFiles",
        [
            "MarketModel", "ByteCoding", "OrderBooks", "Synchronizer", "Features", "Rows", "Dataset",
            "Parquet",
            "Tensors",
        ]
    ),
    module("ByteCoding", ["CZstd", "CLZ4", "CSnappy", "CBrotli", "CDeflate", "CZlib", "CCrypto"]),
    module("Dataset", ["MarketModel", "ByteCoding", "OrderBooks", "Synchronizer", "Features", "Rows"]),
    module("Parquet", ["ByteCoding"]),
    module("Tensors", ["ByteCoding"]),
    module("MCAP", ["ByteCoding"]),
    module("Recording", ["MarketModel", "ByteCoding", "MCAP"]),
    module("Simulation", ["MarketModel", "ByteCoding", "Exchanges"]),
    module("FakeExchange", ["MarketModel", "OrderBooks", "Exchanges", "Recording", "Simulation"], sockets),
    module(
        "Sinks",
        ["MarketModel", "ByteCoding", "OrderBooks", "Synchronizer", "Features", "Rows", "MarketFiles"]
    ),
    module(
        "Live",
        ["MarketModel", "Exchanges", "Recording", "Capture", "Pipeline", "Synchronizer", "Rows", "Sinks"]
    ),
    module("Capture", ["MarketModel", "ByteCoding", "OrderBooks", "Exchanges", "Recording"], sockets),
]

/// What a program needs, by one import; a folder of the module's name would differ from the command's by case alone.
let umbrella: Target = .target(
    name: "Atelier",
    dependencies: [
        "ByteCoding", "Capture", "Dataset", "Exchanges", "Features", "Live", "MarketFiles", "MarketModel",
        "OrderBooks",
        "Pipeline", "Recording", "Replay", "Rows", "Sinks", "Synchronizer",
    ],
    path: "Sources/Umbrella",
    swiftSettings: strict
)

/// From a log's bytes to rows and files, without sockets: builds without NIO.
let offline = [
    "MarketModel", "ByteCoding", "OrderBooks", "Exchanges", "Synchronizer", "Features", "Rows", "Pipeline",
    "MCAP",
    "Recording", "Replay", "Parquet", "Measurement",
]

// MARK: - Tests

let testTargets: [Target] = [
    .target(name: "CAllocationCount", path: "Tests/CAllocationCount"),
    tests(of: "MarketModel"),
    tests(of: "OrderBooks", ["MarketModel"]),
    tests(of: "Synchronizer", ["MarketModel", "OrderBooks"]),
    tests(of: "Features", ["MarketModel", "OrderBooks", "Synchronizer"]),
    tests(of: "Exchanges", ["MarketModel", "OrderBooks", "ByteCoding", "CAllocationCount"]),
    tests(of: "ByteCoding"),
    tests(of: "MCAP", ["ByteCoding"]),
    tests(of: "Recording", ["MarketModel", "ByteCoding", "MCAP"]),
    tests(of: "Report", ["MarketModel"]),
    tests(of: "Simulation", ["MarketModel", "ByteCoding", "OrderBooks", "Exchanges"]),
    tests(
        of: "Live",
        [
            "MarketModel", "ByteCoding", "OrderBooks", "Exchanges", "Features", "Synchronizer", "Rows",
            "Pipeline", "Recording",
            "Simulation", "Capture", "FakeExchange", "Sinks", "MarketFiles", "Parquet", "Replay", "Atelier",
        ]
    ),
    tests(
        of: "Capture",
        ["MarketModel", "ByteCoding", "Exchanges", "Recording"],
        [.product(name: "NIOCore", package: "swift-nio")]
    ),
    tests(
        of: "Dataset",
        [
            "MarketModel", "ByteCoding", "OrderBooks", "Synchronizer", "Features", "Rows", "MarketFiles",
            "Tensors",
        ]
    ),
    tests(of: "Parquet", ["ByteCoding"]),
    tests(of: "Tensors", ["ByteCoding"]),
]

// MARK: - The command

let command: [Target] = [
    .executableTarget(
        name: "atelier",
        dependencies: modules.map { .target(name: $0.name) } + [
            "Atelier",
            .product(name: "ArgumentParser", package: "swift-argument-parser"),
            .product(name: "TOMLKit", package: "TOMLKit"),
        ],
        swiftSettings: strict
    )
]

let flowTests: [Target] = [
    tests(
        of: "Replay",
        [
            "MarketModel", "ByteCoding", "OrderBooks", "Exchanges", "Synchronizer", "Features", "Rows",
            "Pipeline", "Recording", "Simulation", "CAllocationCount",
        ]
    ),
    tests(of: "MarketFiles", ["MarketModel", "OrderBooks", "Synchronizer", "Features", "Parquet"]),
]

/// Runs the built command, also beside servers of its own.
let commandTests: [Target] = [
    .testTarget(
        name: "AtelierTests",
        dependencies: ["atelier", "Parquet", "ByteCoding", "MarketModel", "MCAP", "Recording"],
        exclude: scripts(beside: "Tests/AtelierTests"),
        swiftSettings: strict
    )
]

let package = Package(
    name: "atelier-data",
    products: [
        .library(name: "Atelier", targets: ["Atelier"]),
        .library(name: "AtelierData", targets: modules.filter { $0.type == .regular }.map(\.name)),
        .library(name: "Parquet", targets: ["Parquet"]),
        .library(name: "AtelierOffline", targets: offline),
    ],
    traits: [
        .trait(name: "TLS", description: "Encrypted connections (wss://), by BoringSSL"),
        .default(enabledTraits: ["TLS"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
    ],
    targets: libraries + modules + [umbrella] + command + testTargets + flowTests + commandTests
)
