"""Writes the inputs that libFuzzer begins with: frames of the bundled samples, one a file, and the files of
the conformance suites where they are at hand.

  python3 Fuzz/seeds.py FOLDER
"""

import gzip
import json
import pathlib
import re
import shutil
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
EACH_SHAPE = 3


def name_of(folder: pathlib.Path) -> str:
    """The exchange of a folder of code: words with hyphens between."""
    return re.sub("(?<=[a-z])(?=[A-Z][a-z])", "-", folder.name).lower()


def sources():
    """(exchange, market or nothing for all, name, frames): the bundled samples, the frames beside the code, and real ones where they are at hand."""
    for sample in sorted((ROOT / "Recordings").glob("*.jsonl.gz")):
        exchange, _, market = sample.name.split(".")[0].partition("-")
        with gzip.open(sample, "rt", encoding="utf-8") as lines:
            yield exchange, market, sample.name, [json.loads(line).get("frame") for line in lines]
    for path in sorted((ROOT / "Sources" / "Exchanges").glob("*/Fixtures/frames.jsonl")):
        yield name_of(path.parent.parent), "", path.name, path.read_text(encoding="utf-8").splitlines()
    known = {name_of(folder) for folder in (ROOT / "Sources" / "Exchanges").iterdir()}
    for path in sorted((ROOT.parent / "shared" / "recordings").glob("*/samples.jsonl")):
        if path.parent.name not in known:
            continue
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        yield path.parent.name, "", path.name, [line.get("frame") for line in lines]


def frames(folder: pathlib.Path) -> None:
    """A few frames of each shape, what begins alike is one, behind the exchange and market they are of."""
    folder.mkdir(parents=True, exist_ok=True)
    for exchange, market, name, texts in sources():
        seen: dict[str, int] = {}
        for number, frame in enumerate(texts):
            if not isinstance(frame, str) or len(frame) > 3000:
                continue
            seen[frame[:40]] = seen.get(frame[:40], 0) + 1
            if seen[frame[:40]] <= EACH_SHAPE:
                seed = folder / f"{exchange}~{market}-{name}-{number}"
                seed.write_text(f"{exchange}{'/' if market else ''}{market}\0{frame}", encoding="utf-8")


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
