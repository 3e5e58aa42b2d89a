"""The `replay --json` summary of SPEC 11, as far as content decides it."""


def instruments(session, synchronizer):
    result = []
    for instrument, trades in session.trades_of.items():
        exchange, market, symbol = instrument
        grid = synchronizer.grids.get(instrument)
        book = session.books.get(instrument)
        entry = {"exchange": exchange, "market": market, "symbol": symbol, "rows": grid.rows if grid else 0,
                 "trades": trades, "book": {"state": book.state if book else "awaiting"}}
        entry["book"]["crossed_seen"] = book.crossed_seen if book else 0
        if book and book.state == "synced":
            bids, asks = book.top(1)
            entry["book"].update(bids=len(book.bids), asks=len(book.asks),
                                 best_bid=_level(bids), best_ask=_level(asks))
        result.append(entry)
    return sorted(result, key=lambda e: (e["exchange"], e["market"], e["symbol"]))


def _level(levels):
    return [str(levels[0][0]), str(levels[0][1])] if levels else None


def summary(session, synchronizer):
    c = session.counts
    return {
        "frames": c.frames,
        "events": {"book_snapshots": c.book_snapshots, "book_deltas": c.book_deltas, "trades": c.trades,
                   "liquidations": c.liquidations, "funding_rates": c.funding_rates, "open_interest": c.open_interest},
        "snapshot_trades": c.snapshot_trades, "snapshot_liquidations": c.snapshot_liquidations,
        "decoded_frames": c.decoded, "ignored": c.ignored, "unknown": c.unknown,
        "error_frames": c.error_frames, "decode_errors": c.decode_errors, "rows": len(synchronizer.rows),
        "partial_rows": synchronizer.partial, "late_events": synchronizer.late,
        "late_states": synchronizer.late_states, "before_first_row": synchronizer.before_first,
        "bad_time": synchronizer.bad_time, "duplicate_trades": c.duplicate_trades,
        "gaps": sum(b.gaps for b in session.books.values()), "jumps": synchronizer.jumps,
        "excluded_trades": c.excluded_trades, "duplicate_books": c.duplicate_books,
        "tickers": {"verified": c.tickers_verified, "failed": c.tickers_failed},
        "unsubscribed_symbols": c.unsubscribed, "missing_frames": c.missing,
        "checksums": {"verified": c.checksums_verified, "failed": c.checksums_failed},
        "sequences": {"verified": c.sequences_verified, "broken": c.sequences_broken},
        "instruments": instruments(session, synchronizer),
    }
