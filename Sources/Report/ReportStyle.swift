/// How the page looks: on a screen, light or dark as the reader has it, and on paper.
enum ReportStyle {
    /// The style sheet, without characters that are special in XML.
    static let sheet = colors + layout + tables + drawings + paper

    private static let colors = """

        :root { color-scheme: light dark; --ground: #ffffff; --panel: #f5f7f9; --ink: #1b222b; --soft: #57626f;
          --rule: #dde3e9; --blue: #1f5fa8; --teal: #1f7f6b; --slate: #64748b; --amber: #d97706; --red: #c0332b;
          --good: #1c7a45; }
        @media (prefers-color-scheme: dark) { :root { --ground: #12161b; --panel: #1a2027; --ink: #e4e9ee;
          --soft: #9aa6b2; --rule: #2c353f; --blue: #6ea8e8; --teal: #4fb8a0; --slate: #8b9bb0; --amber: #f0a23c;
          --red: #f0776e; --good: #58c088; } }

        """

    private static let layout = """
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
        main { max-width: 1120px; margin: 0 auto; padding: 28px 20px 48px; }
        h1 { font-size: 26px; line-height: 1.25; margin: 0 0 4px; overflow-wrap: anywhere; }
        h2 { font-size: 18px; margin: 36px 0 10px; padding-bottom: 5px; border-bottom: 1px solid var(--rule);
          overflow-wrap: anywhere; }
        h3 { font-size: 15px; margin: 18px 0 6px; }
        p { margin: 0 0 10px; }
        .span, .hint, footer { color: var(--soft); }
        .hint { font-size: 13.5px; }
        .note { border-left: 3px solid var(--amber); padding: 2px 0 2px 10px; }
        .verdict { border-left: 4px solid var(--good); background: var(--panel); padding: 9px 14px; margin: 14px 0; }
        .verdict strong { color: var(--good); }
        .damaged { border-color: var(--red); }
        .damaged strong { color: var(--red); }
        .headlines { display: flex; flex-wrap: wrap; gap: 8px; list-style: none; margin: 0 0 14px; padding: 0; }
        .headlines li { background: var(--panel); border: 1px solid var(--rule); border-radius: 6px; padding: 6px 12px;
          color: var(--soft); }
        .headlines b { color: var(--ink); font-size: 18px; font-variant-numeric: tabular-nums; display: block; }
        .losses li { margin-bottom: 4px; }
        .scroll { overflow-x: auto; }
        pre, .code { font: 13px/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
        pre { background: var(--panel); border: 1px solid var(--rule); border-radius: 6px; padding: 10px 12px;
          white-space: pre-wrap; margin: 0 0 10px; }
        .digests { display: grid; grid-template-columns: max-content 1fr; gap: 2px 14px; margin: 0; }
        .digests dt { color: var(--soft); }
        .digests dd { margin: 0; }
        footer { margin-top: 40px; font-size: 13px; }

        """

    private static let tables = """
        table { border-collapse: collapse; font-size: 13.5px; font-variant-numeric: tabular-nums; margin-bottom: 8px; }
        th, td { padding: 4px 8px; border-bottom: 1px solid var(--rule); text-align: left; vertical-align: top; }
        thead th { color: var(--soft); font-weight: 600; vertical-align: bottom; line-height: 1.3; }
        .number { text-align: right; white-space: nowrap; }
        thead .number { white-space: normal; }
        td.word { overflow-wrap: anywhere; min-width: 90px; max-width: 420px; }
        td.word:first-child { min-width: 180px; }
        .groups { display: grid; grid-template-columns: repeat(auto-fill, minmax(190px, 1fr)); gap: 18px 22px;
          align-items: start; }
        .counters { width: 100%; margin: 0; }
        .counters th { font-weight: 400; padding-left: 0; line-height: 1.3; }
        .counters td { padding-right: 0; }
        caption { text-align: left; font-weight: 600; padding-bottom: 4px; }
        .total th, .total td { font-weight: 600; border-top: 2px solid var(--soft); }
        .wrong td { color: var(--red); font-weight: 600; }
        .histogram { width: 100%; max-width: 720px; }
        .histogram th { font-weight: 400; white-space: nowrap; }
        .bar { width: 70%; vertical-align: middle; }
        .bar div { background: var(--slate); height: 11px; min-width: 1px; }

        """

    private static let drawings = """
        figure { margin: 0 0 14px; break-inside: avoid; }
        figcaption { font-size: 13.5px; margin-bottom: 2px; }
        .key { color: var(--soft); white-space: nowrap; margin-left: 12px; }
        .key i { display: inline-block; width: 14px; height: 10px; margin-right: 5px; }
        .swatch-line { border-bottom: 2px solid var(--blue); height: 6px; }
        .swatch-line, .swatch-whisker { position: relative; top: -3px; }
        .swatch-band { background: var(--blue); opacity: .28; }
        .swatch-frames { background: var(--slate); }
        .swatch-volume { background: var(--teal); }
        .swatch-gap { background: var(--amber); opacity: .3; }
        .swatch-break { border-left: 2px solid var(--red); }
        .swatch-median { background: var(--blue); border-radius: 5px; }
        .key .swatch-median { width: 9px; height: 9px; }
        .swatch-range { background: var(--blue); opacity: .45; }
        .key .swatch-range { height: 6px; }
        .swatch-whisker { border-bottom: 1px solid var(--soft); height: 6px; }
        svg { display: block; width: 100%; min-width: 640px; height: auto; }
        svg text { font: 11px system-ui, sans-serif; fill: var(--soft); font-variant-numeric: tabular-nums; }
        .value { text-anchor: end; }
        .time { text-anchor: middle; }
        .last { text-anchor: end; }
        .grid { stroke: var(--rule); stroke-width: 1; fill: none; }
        .axis { stroke: var(--soft); stroke-width: 1; fill: none; }
        .gap { fill: var(--amber); opacity: .3; }
        .break { stroke: var(--red); stroke-width: 1.2; fill: none; }
        .frames { fill: var(--slate); }
        .volume { fill: var(--teal); }
        .band { fill: var(--blue); opacity: .28; }
        .line { stroke: var(--blue); stroke-width: 1.4; fill: none; stroke-linejoin: round; stroke-linecap: round; }
        .whisker { stroke: var(--soft); stroke-width: 1; fill: none; }
        .range { stroke: var(--blue); stroke-width: 6; opacity: .45; fill: none; }
        .tick { stroke: var(--ink); stroke-width: 1.2; fill: none; }
        circle.median { fill: var(--blue); }

        """

    /// Paper always uses the light colours.
    private static let paper = """
        @media print { :root { color-scheme: light; --ground: #ffffff; --panel: #f5f7f9; --ink: #000000; --soft: #444444;
          --rule: #cccccc; --blue: #1f5fa8; --teal: #1f7f6b; --slate: #64748b; --amber: #d97706; --red: #a02018;
          --good: #14602f; }
          body { font-size: 11px; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
          main { max-width: none; padding: 0; }
          h2, h3, h2 + p { break-after: avoid; }
          tr, .verdict, pre { break-inside: avoid; }
          table { font-size: 10px; }
          th, td { padding: 2px 5px; }
          .scroll { overflow: visible; }
          svg { min-width: 0; } }

        """
}
