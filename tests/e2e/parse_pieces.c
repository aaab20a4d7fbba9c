/* Reads streams of requests from a file, each behind its length in eight hexadecimal digits, and
 * lets the server's parser have each of them whole, cut in two at each byte, and byte by byte. What
 * it finds must be the same. Prints what it finds in each stream, a line a stream. */
#include "http_parse.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STREAM_BYTES = 1 << 16, FOUND_BYTES = 1 << 12, LENGTH_DIGITS = 8 };

typedef struct finding {
    char text[FOUND_BYTES];
    size_t len;
    bool has_ended; /* nothing more can be parsed */
} finding;

static void add(finding *found, const char *word, unsigned long number)
{
    int len = snprintf(found->text + found->len, sizeof found->text - found->len, "%s%lu", word,
                       number);
    assert(len > 0);
    found->len += (size_t)len;
    assert(found->len < sizeof found->text);
}

/* Something that other bytes hardly have as well. */
static unsigned long sum_of(const void *data, size_t size)
{
    const unsigned char *bytes = data;
    unsigned long sum = 5381;
    for (size_t i = 0; i < size; i++) {
        sum = (sum * 33 + bytes[i]) & 0xffffffff;
    }
    return sum;
}

static void add_request(finding *found, const http_parser *parser)
{
    const http_request *request = &parser->request;
    add(found, " method ", request->method);
    add(found, " path ", sum_of(request->path, request->path_len));
    add(found, " body ", sum_of(request->body, request->body_len));
    add(found, " head ", parser->is_head);
    add(found, " keep ", request->keep_alive);
}

/* A piece in memory of its own, so that a sanitizer sees what is read beyond it. */
static void feed(http_parser *parser, const char *data, size_t size, finding *found)
{
    char *piece = malloc(size);
    assert(piece != NULL);
    memcpy(piece, data, size);
    for (size_t used = 0; used < size && !found->has_ended;) {
        size_t taken = 0;
        http_result result = http_parser_feed(parser, piece + used, size - used, &taken);
        used += taken;
        if (result == HTTP_COMPLETE) {
            add_request(found, parser);
            found->has_ended = !parser->request.keep_alive;
        } else if (result == HTTP_REFUSED) {
            add(found, " refused ", parser->error_status);
            add(found, " head ", parser->is_head);
            found->has_ended = true;
        } else {
            assert(used == size);
        }
    }
    free(piece);
}

static void parse(const char *data, size_t size, size_t first, size_t step, finding *found)
{
    static http_parser parser;
    *found = (finding){0};
    http_parser_init(&parser);
    for (size_t begin = 0, len = first; begin < size && !found->has_ended;) {
        len = len < size - begin ? len : size - begin;
        feed(&parser, data + begin, len, found);
        begin += len;
        len = step;
    }
    if (!found->has_ended) {
        add(found, " inside ", http_parser_is_inside(&parser));
    }
}

static bool is_same(const char *data, size_t size, size_t first, size_t step, const finding *whole)
{
    static finding pieces;
    parse(data, size, first, step, &pieces);
    if (strcmp(pieces.text, whole->text) == 0) {
        return true;
    }
    fprintf(stderr, "whole:%s\nfirst piece of %zu, then of %zu:%s\n", whole->text, first, step,
            pieces.text);
    for (size_t i = 0; i < size; i++) {
        fprintf(stderr, "\\x%02x", (unsigned)(unsigned char)data[i]);
    }
    return false;
}

static bool check(const char *data, size_t size)
{
    static finding whole;
    parse(data, size, size, size, &whole);
    for (size_t first = 1; first < size; first++) {
        if (!is_same(data, size, first, size, &whole)) {
            return false;
        }
    }
    puts(whole.text);
    return is_same(data, size, 1, 1, &whole);
}

static bool check_all(FILE *file)
{
    static char data[STREAM_BYTES];
    char digits[LENGTH_DIGITS + 1] = {0};
    while (fread(digits, 1, LENGTH_DIGITS, file) == LENGTH_DIGITS) {
        size_t size = strtoul(digits, NULL, 16);
        if (size == 0 || size > sizeof data || fread(data, 1, size, file) != size) {
            fputs("not a stream\n", stderr);
            return false;
        }
        if (!check(data, size)) {
            return false;
        }
    }
    return true;
}

int main(int argc, char **argv)
{
    FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
    if (file == NULL) {
        fputs("usage: parse_pieces FILE\n", stderr);
        return 2;
    }
    bool is_right = check_all(file);
    fclose(file);
    return is_right ? 0 : 1;
}
