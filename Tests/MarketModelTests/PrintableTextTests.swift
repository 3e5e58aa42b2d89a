import MarketModel
import Testing

@Suite("Printable text")
struct PrintableTextTests {
    @Test(
        "what steers a terminal, ends a line or turns the direction of writing is escaped",
        arguments: [
            ("plain ASCII, \\ and \"", "plain ASCII, \\ and \""), ("Zürich €", "Zürich €"),
            ("\u{1b}[31mred", #"\u{1b}[31mred"#), ("bell\u{7}", #"bell\u{7}"#), ("a\r\nb\tc", #"a\r\nb\tc"#),
            ("\u{7f}\u{85}\u{9b}2J", #"\u{7f}\u{85}\u{9b}2J"#), ("abc\u{202e}def", #"abc\u{202e}def"#),
            ("\u{2066}x\u{2069}\u{200f}\u{61c}", #"\u{2066}x\u{2069}\u{200f}\u{61c}"#),
            ("a\u{2028}b\u{2029}c", #"a\u{2028}b\u{2029}c"#),
            ("\u{feff}\u{200b}\u{ad}", #"\u{feff}\u{200b}\u{ad}"#),
            ("\u{e0041}\u{fffe}", #"\u{e0041}\u{fffe}"#), ("\u{0}", #"\u{0}"#),
        ]
    )
    func escapes(text: String, shown: String) {
        #expect(PrintableText.escaped(text) == shown)
    }

    @Test("of lines laid out by us only the line ends stay")
    func lines() {
        #expect(PrintableText.escapedLines("a\u{1b}\nb\r\n") == "a\\u{1b}\nb\\r\n")
        #expect(PrintableText.escapedLines("a\nb") == "a\nb")
    }

    @Test("a long text is cut and says so")
    func cut() {
        #expect(PrintableText.shortened("abcdef", to: 6) == "abcdef")
        #expect(PrintableText.shortened("abcdef\u{1b}", to: 6) == "abcdef… (1 more characters)")
        #expect(
            PrintableText.shortened(String(repeating: "\u{1b}", count: 9), to: 1)
                == #"\u{1b}… (8 more characters)"#
        )
    }
}
