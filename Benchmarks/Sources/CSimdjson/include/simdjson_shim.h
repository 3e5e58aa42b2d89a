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

/// Where the numbers of a frame lie; venues share shapes.
enum simdjson_shape {
    /// `{"data":{"b":[[price,size]…],"a":…}}`
    simdjson_short_pairs,
    /// `{"data":[{"p":price,"v":size}…]}`
    simdjson_short_objects,
    /// `{"events":[{"updates":[{"price_level":price,"new_quantity":size}…]}…]}`
    simdjson_event_updates,
    /// `{"events":[{"trades":[{"price":price,"size":size}…]}…]}`
    simdjson_event_trades,
    /// `{"data":[{"bids":[{"price":price,"qty":size}…],"asks":…}…]}`
    simdjson_data_books,
    /// `{"data":[{"price":price,"qty":size}…]}`
    simdjson_data_objects,
    /// How many there are.
    simdjson_shape_count,
};

/// Parses a text, reads every price and size of its levels or trades as a double and returns their sum; not
/// a number if the text is of another shape.
double simdjson_extract(void *parser, enum simdjson_shape shape, const char *text, size_t count);

#ifdef __cplusplus
}
#endif
