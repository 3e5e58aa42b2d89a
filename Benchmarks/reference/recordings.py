"""The recordings that benchmarks read, as `Recordings/measured.tsv` lists them."""

import pathlib

FOLDER = pathlib.Path(__file__).resolve().parent.parent.parent / "Recordings"


def listed():
    """(name, exchange, market, path, how often it is repeated) of each, also of those that are not there."""
    for line in (FOLDER / "measured.tsv").read_text().splitlines():
        if not line.startswith("#"):
            name, exchange, market, path, times = line.split("\t")
            yield name, exchange, market, (FOLDER / path).resolve(), int(times)


def first():
    """The first that is there."""
    return next(entry for entry in listed() if entry[3].exists())
