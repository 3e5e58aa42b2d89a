#include "simdjson_shim.h"

#include <simdjson.h>

#include <cstdlib>
#include <limits>

// What our decoders are measured against; it is linked to benchmarks only.

using namespace simdjson;

void *simdjson_parser(void) { return new dom::parser(); }

int simdjson_parse(void *parser, const char *text, size_t count) {
    dom::element document;
    return static_cast<dom::parser *>(parser)->parse(text, count, false).get(document);
}

double simdjson_extract(void *parser, const char *text, size_t count) {
    const double failed = std::numeric_limits<double>::quiet_NaN();
    dom::element document;
    if (static_cast<dom::parser *>(parser)->parse(text, count, false).get(document)) return failed;
    double sum = 0;
    for (const char *side : {"b", "a"}) {
        dom::array levels;
        if (document["data"][side].get(levels)) return failed;
        for (dom::element level : levels) {
            for (dom::element number : level.get_array()) {
                const char *digits;
                if (number.get(digits)) return failed;
                sum += strtod(digits, nullptr);
            }
        }
    }
    return sum;
}
