import ArgumentParser
import ByteCoding

/// How many threads a command uses.
struct ThreadCount: ParsableArguments {
    @Option(help: "Threads; they change no byte of what comes out. (default: as many as there are cores)")
    var threads: Int?

    var count: Int { threads ?? WorkerThread.processors }

    func validate() throws {
        if let threads, threads < 1 {
            throw ValidationError("--threads takes a number from 1, found \(threads)")
        }
    }
}
