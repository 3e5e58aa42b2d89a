/// The lines of Python that load a dataset, as its card shows them; they run in the dataset's folder.
struct LoadingLines {
    private let report: BuildReport
    private var plan: DatasetPlan { report.plan }
    private var fold: String { report.folds.count > 1 ? "fold=0/" : "" }

    init(_ report: BuildReport) { self.report = report }

    /// A section with one block of code a library.
    var text: String {
        var blocks = ["## Loading"]
        if plan.outputs.contains(.npy) { blocks += [arrays, numpy, torch] }
        if plan.outputs.contains(.safetensors) { blocks.append(safetensors) }
        if plan.outputs.contains(.parquet) { blocks += [columns, polars, duckDB] }
        return blocks.joined(separator: "\n\n")
    }

    private var arrays: String {
        let stored =
            plan.isMaterialised
            ? "`features` and `mask` are [N, L, F]: one window a sample."
            : "`features` and `mask` are [T, F]: all rows of the part; the window of sample n is the \(plan.window) "
                + "rows from `window_start[n]`."
        return stored
            + " `labels`, `label_mask`, `label_end` are [N, K]; `ts`, `ts_available`, `instrument` are [N] and tell of "
            + "the row that decides. A mask is 1 where there is a value; masked features are 0, masked labels \(absentLabel). "
            + "`instrument` is the number of the table above. `label_end` is the `ts_available` of the last row looked "
            + "at, also for a masked label."
    }

    private var absentLabel: String {
        plan.labelType == .classIndex ? "-100 (classes -1, 0, +1 are 0, 1, 2)" : "NaN"
    }

    private var columns: String {
        "In Parquet a row's `split` is the part whose sample it decides, null where it decides none; `part` is the "
            + "part it lies in. `gap`, `partial` and `jump` say that a row was not wholly observed or does not follow the "
            + "one before; `reference_price` is what labels are measured with. Absent features and labels are null."
    }

    private func block(_ lines: [String]) -> String {
        (["```python"] + lines + ["```"]).joined(separator: "\n")
    }

    /// Only samples whose label has a value can be trained on.
    private var known: [String] {
        plan.labels.isEmpty
            ? []
            : [
                "known = label_mask[:, 0] == 1",
                "y = labels[known, 0]   # samples whose first label has a value",
            ]
    }

    private var numpy: String {
        let window =
            plan.isMaterialised
            ? ["x, m = features[0], mask[0]                       # [L, F]"]
            : [
                "start = np.load(part + \"window_start.npy\", mmap_mode=\"r\")",
                "x = features[start[0] : start[0] + \(plan.window)]   # [L, F]",
            ]
        return block(
            [
                "import numpy as np", "", "part = \"npy/\(fold)train/\"",
                "features = np.load(part + \"features.npy\", mmap_mode=\"r\")",
                "mask = np.load(part + \"mask.npy\", mmap_mode=\"r\")",
                "labels = np.load(part + \"labels.npy\", mmap_mode=\"r\")",
                "label_mask = np.load(part + \"label_mask.npy\", mmap_mode=\"r\")",
            ] + window + known
        )
    }

    private var torch: String {
        let item =
            plan.isMaterialised
            ? "features, mask = self.features[n], self.mask[n]"
            : "rows = slice(self.start[n], self.start[n] + \(plan.window)); "
                + "features, mask = self.features[rows], self.mask[rows]"
        let names = ["features", "mask", "labels", "label_mask"]
        var lines = [
            "import numpy as np, torch", "", "class Samples(torch.utils.data.Dataset):",
            "    def __init__(self, part):",
            "        load = lambda name: np.load(f\"npy/\(fold){part}/{name}.npy\", mmap_mode=\"r\")",
        ]
        lines += names.map { "        self.\($0) = load(\"\($0)\")" }
        if !plan.isMaterialised { lines.append("        self.start = load(\"window_start\")") }
        lines += [
            "    def __len__(self):", "        return len(self.labels)", "    def __getitem__(self, n):",
            "        \(item)",
            "        return tuple(torch.from_numpy(np.array(a)) for a in "
                + "(features, mask, self.labels[n], self.label_mask[n]))",
            "", "loader = torch.utils.data.DataLoader(Samples(\"train\"), batch_size=32, shuffle=True)",
            "features, mask, labels, label_mask = next(iter(loader))   # labels count where label_mask is 1",
        ]
        return block(lines)
    }

    private var safetensors: String {
        block([
            "from safetensors.numpy import load_file", "",
            "train = load_file(\"safetensors/\(fold)train.safetensors\")", "features = train[\"features\"]",
            "labels, label_mask = train[\"labels\"], train[\"label_mask\"]",
        ])
    }

    private var polars: String {
        block([
            "import polars as pl", "",
            "rows = pl.scan_parquet(\"parquet/\(fold)**/*.parquet\", hive_partitioning=True)",
            "train = rows.filter(pl.col(\"split\") == \"train\").collect()",
        ])
    }

    private var duckDB: String {
        block([
            "import duckdb", "",
            "train = duckdb.sql(\"\"\"",
            "    select * from read_parquet('parquet/\(fold)**/*.parquet', hive_partitioning = true)",
            "    where split = 'train' order by exchange, market, symbol, ts\"\"\").fetchnumpy()",
        ])
    }
}
