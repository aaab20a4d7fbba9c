/* The lines of a head, or of the trailers behind a chunked body, before llhttp sees them. It takes
 * lines that begin with a blank or a colon, and some that end with LF alone; other servers read
 * those differently, which is what request smuggling is made of. */
#ifndef HTTP_SERVER_HEAD_LINES_H
#define HTTP_SERVER_HEAD_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum head_place {
    HEAD_EMPTY_LINES,  /* at the first byte of a line before the request line, or of that */
    HEAD_EMPTY_LF,     /* behind the CR of an empty line there */
    HEAD_REQUEST_LINE,
    HEAD_LINE_BEGIN,   /* at the first byte of a line behind that */
    HEAD_LINE,         /* inside such a line */
    HEAD_LAST_LF,      /* behind the CR of the empty line */
    HEAD_ENDED,
    HEAD_BAD,          /* the next byte must not be there */
} head_place;

typedef struct head_lines {
    head_place place;
    bool is_behind_cr; /* inside a line */
    uint8_t word_len; /* of the request line's last word so far, up to where it is compared */
    bool is_http;     /* and as far as that word is compared, it says HTTP/ */
} head_lines;

void head_lines_begin(head_lines *lines);
void head_lines_begin_trailers(head_lines *lines);

/* How many bytes of data to take next: at most to the end of the line. Fewer, none perhaps, when
 * the place is HEAD_BAD afterwards. */
size_t head_lines_take(head_lines *lines, const char *data, size_t size);

/* The request line's last word begins with HTTP/. */
bool head_lines_is_http(const head_lines *lines);

#endif
