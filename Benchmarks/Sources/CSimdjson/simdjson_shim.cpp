#include "simdjson_shim.h"

#include <simdjson.h>

#include <cstdlib>
#include <limits>

// What our decoders are measured against; it is linked to benchmarks only.

using namespace simdjson;

namespace {

/// Adds a number, in quotes or bare, to a sum.
bool add(simdjson_result<dom::element> number, double &sum) {
    const char *digits;
    double value;
    if (number.get(digits) == SUCCESS) {
        value = strtod(digits, nullptr);
    } else if (number.get(value) != SUCCESS) {
        return false;
    }
    sum += value;
    return true;
}

/// Levels as `[price, size]`.
bool addPairs(simdjson_result<dom::element> found, double &sum) {
    dom::array levels;
    if (found.get(levels) != SUCCESS) return false;
    for (dom::element level : levels) {
        if (!add(level.at(0), sum) || !add(level.at(1), sum)) return false;
    }
    return true;
}

/// Levels or trades as objects.
bool addObjects(simdjson_result<dom::element> found, const char *price, const char *size, double &sum) {
    dom::array entries;
    if (found.get(entries) != SUCCESS) return false;
    for (dom::element entry : entries) {
        if (!add(entry[price], sum) || !add(entry[size], sum)) return false;
    }
    return true;
}

bool addEvents(dom::element frame, const char *list, const char *price, const char *size, double &sum) {
    dom::array events;
    if (frame["events"].get(events) != SUCCESS) return false;
    for (dom::element event : events) {
        if (!addObjects(event[list], price, size, sum)) return false;
    }
    return true;
}

bool addBooks(dom::element frame, double &sum) {
    dom::array books;
    if (frame["data"].get(books) != SUCCESS) return false;
    for (dom::element book : books) {
        if (!addObjects(book["bids"], "price", "qty", sum)) return false;
        if (!addObjects(book["asks"], "price", "qty", sum)) return false;
    }
    return true;
}

bool addAll(simdjson_shape shape, dom::element frame, double &sum) {
    switch (shape) {
    case simdjson_short_pairs: return addPairs(frame["data"]["b"], sum) && addPairs(frame["data"]["a"], sum);
    case simdjson_short_objects: return addObjects(frame["data"], "p", "v", sum);
    case simdjson_event_updates: return addEvents(frame, "updates", "price_level", "new_quantity", sum);
    case simdjson_event_trades: return addEvents(frame, "trades", "price", "size", sum);
    case simdjson_data_books: return addBooks(frame, sum);
    case simdjson_data_objects: return addObjects(frame["data"], "price", "qty", sum);
    case simdjson_shape_count: return false;
    }
    return false;
}

} // namespace

void *simdjson_parser(void) { return new dom::parser(); }

int simdjson_parse(void *parser, const char *text, size_t count) {
    dom::element document;
    return static_cast<dom::parser *>(parser)->parse(text, count, false).get(document);
}

int simdjson_index(void *parser, const char *text, size_t count) {
    auto *own = static_cast<dom::parser *>(parser);
    if (own->capacity() < count && own->allocate(2 * count) != SUCCESS) return 1;
    const auto *bytes = reinterpret_cast<const uint8_t *>(text);
    return own->implementation->stage1(bytes, count, stage1_mode::regular) != SUCCESS;
}

double simdjson_extract(void *parser, simdjson_shape shape, const char *text, size_t count) {
    dom::element document;
    double sum = 0;
    if (static_cast<dom::parser *>(parser)->parse(text, count, false).get(document) != SUCCESS
        || !addAll(shape, document, sum)) {
        return std::numeric_limits<double>::quiet_NaN();
    }
    return sum;
}
