"""Writes the inputs that libFuzzer begins with: frames of the bundled samples, one a file, and the files of
the conformance suites where they are at hand.

  python3 Fuzz/seeds.py FOLDER
"""

import gzip
import json
import pathlib
import shutil
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
EACH_SHAPE = 3


def frames(folder: pathlib.Path) -> None:
    """A few frames of each shape, what begins alike is one, behind the exchange and market they are of."""
    folder.mkdir(parents=True, exist_ok=True)
    for sample in sorted((ROOT / "Recordings").glob("*.jsonl.gz")):
        exchange, _, market = sample.name.split(".")[0].partition("-")
        name = f"{exchange}/{market or 'spot'}"
        seen: dict[str, int] = {}
        with gzip.open(sample, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines):
                frame = json.loads(line).get("frame")
                if not isinstance(frame, str) or len(frame) > 3000:
                    continue
                seen[frame[:40]] = seen.get(frame[:40], 0) + 1
                if seen[frame[:40]] <= EACH_SHAPE:
                    (folder / f"{sample.name}-{number}").write_text(f"{name}\0{frame}", encoding="utf-8")


def files(pattern: str, source: pathlib.Path, folder: pathlib.Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(source.rglob(pattern)) if source.is_dir() else []:
        shutil.copy(path, folder / path.name)


def main() -> None:
    target = pathlib.Path(sys.argv[1])
    frames(target / "FuzzFrames")
    conformance = ROOT.parent / "shared" / "conformance"
    files("*.parquet", conformance / "parquet", target / "FuzzParquet")
    files("*.parquet", ROOT / "Tests" / "ParquetTests" / "Fixtures", target / "FuzzParquet")
    files("*.mcap", conformance / "mcap", target / "FuzzReader")
    (target / "FuzzCodecs").mkdir(parents=True, exist_ok=True)


if __name__ == "__main__":
    main()
