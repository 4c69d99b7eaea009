/*
 * On which line of a JSON text a value stands, by its JSON pointer (RFC 6901): the parser does not say, and a person
 * who mends a file looks for a line. The scanner walks along the pointer only and needs no tree; any bytes are fine.
 *
 *     fprintf(stderr, "bodies.json:%zu: …\n", json_line(text, len, "/bodies/3/name/ur"));
 */
#ifndef SULH_OFFICE_JSON_LINES_H
#define SULH_OFFICE_JSON_LINES_H

#include <stddef.h>

/* From 1. A member's line is that of its name, an item's that of its first byte. Where the pointer leads to nothing,
 * the line of the last thing on the way that is there: whoever misses a member is shown the object that lacks it. In a
 * text that is no JSON, some line of it. */
size_t json_line(const char *text, size_t len, const char *pointer);

#endif
