import ArgumentParser
import Recording

/// What a command bounds of an MCAP file that it reads.
struct ContainerLimits: ParsableArguments {
    @Option(help: "The most bytes of a chunk of a recording when expanded, and of a record. (default: 1GiB)")
    var maxChunk: ByteCountArgument?

    var maximumChunk: Int { maxChunk?.bytes ?? RecordingReader.maximumChunk }
}
