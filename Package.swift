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

/// Notes beside the code (`WIRE.md`) are documentation, not resources.
func notes(in directory: String) -> [String] {
    let root = URL(filePath: Context.packageDirectory).appending(path: directory)
    guard let walk = FileManager.default.enumerator(atPath: root.path()) else { return [] }
    return walk.compactMap { $0 as? String }.filter { $0.hasSuffix(".md") }.sorted()
}

func module(_ name: String, _ imports: [String], _ products: [Target.Dependency] = []) -> Target {
    .target(
        name: name,
        dependencies: imports.map { .target(name: $0) } + products,
        exclude: notes(in: "Sources/\(name)"),
        swiftSettings: strict
    )
}

func tests(of name: String, _ imports: [String] = []) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: ([name] + imports).map { .target(name: $0) },
        swiftSettings: strict
    )
}

// MARK: - C libraries of the system

let libraries: [Target] = []

// MARK: - Modules

let modules: [Target] = [
    module("MarketModel", [])
]

// MARK: - Tests

let testTargets: [Target] = [
    tests(of: "MarketModel")
]

let package = Package(
    name: "atelier-data",
    dependencies: [],
    targets: libraries + modules + testTargets
)
