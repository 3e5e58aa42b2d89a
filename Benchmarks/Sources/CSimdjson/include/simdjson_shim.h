#pragma once

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A parser that keeps its memory from text to text; never freed.
void *simdjson_parser(void);

/// Parses a text with 64 readable bytes behind it; 0 if that works.
int simdjson_parse(void *parser, const char *text, size_t count);

/// Only finds where a text's tokens are (simdjson's first stage), with 64 readable bytes behind it; 0 if that works.
int simdjson_index(void *parser, const char *text, size_t count);

/// Whose numbers are taken out of a parsed frame.
enum simdjson_shape {
    simdjson_bybit_book,
    simdjson_bybit_trades,
    simdjson_coinbase_book,
    simdjson_coinbase_trades,
    simdjson_kraken_book,
    simdjson_kraken_trades,
};

/// Parses a text, reads every price and size of its levels or trades as a double and returns their sum; not
/// a number if the text is of another shape.
double simdjson_extract(void *parser, enum simdjson_shape shape, const char *text, size_t count);

#ifdef __cplusplus
}
#endif
