"""The recordings of real frames at hand, as sources of the reference."""

from reference import recording
from reference.venues import VENUES
from sessions.market import MILLI, Rng


def real(folder):
    """(name, sources) of every recording at hand that the product reads."""
    for path in sorted(folder.glob("*/*.jsonl.zst")):
        exchange = path.parent.name
        if exchange not in VENUES or path.name.startswith("oracle-") or {".expected", ".sidecar"} & set(path.suffixes):
            continue
        lines = recording.read_lines(path)
        usual = "linear" if exchange == "bybit" and "spot" not in path.name else "spot"
        usual = "multi" if VENUES[exchange].market == "multi" else usual
        markets = {line["conn"]: usual for line in lines}
        if exchange == "binance":
            market = {"coinm": "inverse", "usdm": "linear"}.get(path.name.partition("-")[0], "spot")
            markets = dict.fromkeys(markets, market)
        if "orderbook1-" in path.name:
            markets = {name: "linear" if name.endswith(".1") else "spot" for name in markets}
        source = recording.Source("r", exchange, markets, lines)
        yield path.name.removesuffix(".jsonl.zst"), [source]
        if exchange == "binance" and len(lines) < 10_000:
            yield f"{path.name.removesuffix('.jsonl.zst')} changing connections", [changing(source)]


def changing(source):
    """The same session, recorded by one that opens each connection's successor in the second third and closes the first
    with it: what both have brought is a copy, which comes up to a third of a second later, also behind the close."""
    rng, lines, third = Rng("changing"), [], len(source.lines) // 3
    late, open_names, closed = {}, list(source.markets), {"state": "disconnected", "epoch": 1, "reason": "planned close"}
    for number, line in enumerate(source.lines):
        if "frame" not in line or "rest" in line or line.get("recv_ns") is None:
            lines.append(line)
            continue
        if number < 2 * third:
            lines.append(line)
        else:
            lines += [{"recv_ns": line["recv_ns"], "conn": name, "status": closed} for name in open_names]
            open_names = []
        if number >= third:
            name = f"{line['conn']}-next"
            lag = 0 if number >= 2 * third else rng.between(0, 300) * MILLI
            late[name] = max(late.get(name, 0), line["recv_ns"] + lag)
            lines.append({**line, "conn": name, "recv_ns": late[name]})
    markets = {**source.markets, **{f"{name}-next": market for name, market in source.markets.items()}}
    return recording.Source(source.name, source.exchange, markets, lines)
