import ByteCoding

/// Small files of text.
enum TextFile {
    static func write(_ text: String, to path: String) throws(DatasetError) {
        try fileWork { () throws(ByteCodingError) in
            let output = try ByteOutput(path: path)
            try output.write(text)
            try output.finish(replacing: false)
        }
    }
}
