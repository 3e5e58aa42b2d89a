#pragma once
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A simdjson DOM parser, for the life of the process.
void *simdjson_parser(void);

/// Parses a text to a DOM and nothing more; 0 = it is JSON. Sixteen readable bytes must follow the text.
int simdjson_parse(void *parser, const char *text, size_t count);

/// Parses a Bybit book frame and reads every price and size of it as a double; their sum, or a NaN.
double simdjson_extract(void *parser, const char *text, size_t count);

#ifdef __cplusplus
}
#endif
