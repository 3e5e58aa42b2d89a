import ArgumentParser
import ByteCoding
import MarketModel
import Recording

/// One frame as a line.
enum FrameLine {
    /// `{"index","topic","sequence","log_time_ns","publish_time_ns","text"|"base64"}`.
    static func appendJSON(_ reader: RecordingReader, to line: inout GrowableBytes) {
        line.append(utf8: "{\"index\":\(reader.index),\"topic\":\(JSONText.quoted(reader.channel.topic))")
        line.append(utf8: ",\"sequence\":\(reader.sequence),\"log_time_ns\":\"\(reader.rawLogTime)\"")
        line.append(utf8: ",\"publish_time_ns\":\"\(reader.rawPublishTime)\",\"text\":")
        let mark = line.count
        if !FrameJSON.appendText(reader.bytes, to: &line) {
            line.truncate(to: mark - "\"text\":".utf8.count)
            line.append(utf8: "\"base64\":")
            FrameJSON.appendBase64(reader.bytes, to: &line)
        }
        line.append(utf8: "}\n")
    }

    /// Time, topic, counter, bytes; control characters and invalid UTF-8 are escaped.
    static func appendText(_ reader: RecordingReader, to line: inout GrowableBytes) {
        let text = reader.bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        let head = "\(LogTimeText.shown(reader.time)) \(PrintableText.escaped(reader.channel.topic)) "
        line.append(utf8: "\(head)\(reader.sequence) \(PrintableText.escaped(text))\n")
    }
}
