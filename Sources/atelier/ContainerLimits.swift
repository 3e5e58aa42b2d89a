import ArgumentParser
import Recording

/// Limits for reading an MCAP file.
struct ContainerLimits: ParsableArguments {
    @Option(help: "The most bytes of a chunk of a recording when expanded, and of a record. (default: 1GiB)")
    var maxChunk: ByteCountArgument?

    var maximumChunk: Int { maxChunk?.bytes ?? RecordingReader.maximumChunk }
}
