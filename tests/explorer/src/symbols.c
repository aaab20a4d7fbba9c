/*
 * symbols.c - names for addresses: source lines by addr2line, objects by nm.
 *
 * Both programs are asked only when something is to be shown, and once for all lines that a trace
 * needs. Programs are linked at fixed addresses, so that a trace is the same on every machine.
 */
#define _GNU_SOURCE /* popen */
#include "core.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CODES_MAX 512u
#define CODE_TEXT_BYTES 1024u
#define OBJECTS_MAX 4096u
#define NAME_BYTES 64u
#define LINE_BYTES 512
#define WORD_BYTES 8u

typedef struct code_name {
    uintptr_t code;
    bool is_known;
    char text[CODE_TEXT_BYTES];
} code_name;

typedef struct object_name {
    uintptr_t address;
    size_t size;
    char name[NAME_BYTES];
} object_name;

static code_name codes[CODES_MAX];
static unsigned code_count;
static object_name objects[OBJECTS_MAX];
static unsigned object_count;

static const char *program_path(void)
{
    static char path[1024];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    path[length > 0 ? length : 0] = '\0';
    return path;
}

static code_name *find_code(uintptr_t code)
{
    for (unsigned i = 0; i < code_count; i++) {
        if (codes[i].code == code) {
            return &codes[i];
        }
    }
    return NULL;
}

void symbols_want_code(uintptr_t code)
{
    if (find_code(code) == NULL && code_count < CODES_MAX) {
        codes[code_count].code = code;
        codes[code_count].is_known = false;
        code_count++;
    }
}

/* The runtime's wrappers of atomic operations, which say no more than the operation does. */
static bool is_wrapper(const char *frames)
{
    return strncmp(frames, "platform.h:", strlen("platform.h:")) == 0;
}

/*
 * Takes one "function" and one "file:line" from addr2line into "file:line function < ...". Who
 * calls a wrapper stands in its place.
 */
static void add_frame(char *text, const char *function, const char *place)
{
    const char *file = strrchr(place, '/');
    file = file != NULL ? file + 1 : place;
    size_t length = is_wrapper(text) ? 0 : strlen(text);
    snprintf(text + length, CODE_TEXT_BYTES - length, "%s%.*s %s", length > 0 ? " < " : "",
             (int)strcspn(file, " \n"), file, function);
}

/* Reads addr2line's answer: the address, then pairs of lines, for each address in turn. */
static void read_frames(FILE *answer)
{
    char line[LINE_BYTES];
    char function[LINE_BYTES] = "";
    code_name *current = NULL;
    while (fgets(line, sizeof line, answer) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        if (strncmp(line, "0x", 2) == 0) {
            current = find_code((uintptr_t)strtoull(line, NULL, 16) + 1);
            function[0] = '\0';
        } else if (function[0] == '\0') {
            strcpy(function, line);
        } else {
            if (current != NULL) {
                add_frame(current->text, function, line);
                current->is_known = true;
            }
            function[0] = '\0';
        }
    }
}

/* A return address is behind the call; one byte before is inside it. */
static void ask_codes(void)
{
    char command[16384];
    size_t length = (size_t)snprintf(
        command, sizeof command, "addr2line -a -i -f -C -e '%s'", program_path());
    for (unsigned i = 0; i < code_count && length + 24 < sizeof command; i++) {
        if (!codes[i].is_known) {
            codes[i].text[0] = '\0';
            length += (size_t)snprintf(command + length, sizeof command - length, " 0x%lx",
                                       (unsigned long)codes[i].code - 1);
        }
    }
    FILE *answer = popen(command, "r");
    if (answer != NULL) {
        read_frames(answer);
        pclose(answer);
    }
}

const char *symbols_code(uintptr_t code)
{
    if (code == 0) {
        return "";
    }
    symbols_want_code(code);
    code_name *found = find_code(code);
    if (found != NULL && !found->is_known) {
        ask_codes();
        found->is_known = true;
    }
    return found != NULL && found->text[0] != '\0' ? found->text : "?";
}

static void add_object(uintptr_t address, size_t size, const char *name)
{
    if (object_count < OBJECTS_MAX) {
        object_name *added = &objects[object_count++];
        added->address = address;
        added->size = size;
        snprintf(added->name, sizeof added->name, "%.*s", (int)NAME_BYTES - 1, name);
    }
}

static void load_objects(void)
{
    static bool is_loaded;
    if (is_loaded) {
        return;
    }
    is_loaded = true;
    char command[1200];
    char line[LINE_BYTES];
    snprintf(command, sizeof command, "nm -S '%s'", program_path());
    FILE *answer = popen(command, "r");
    if (answer == NULL) {
        return;
    }
    while (fgets(line, sizeof line, answer) != NULL) {
        unsigned long address;
        unsigned long size;
        char kind;
        char name[LINE_BYTES];
        int fields = sscanf(line, "%lx %lx %c %511s", &address, &size, &kind, name);
        if (fields == 4 && strchr("bBdDrR", kind) != NULL) {
            add_object(address, size, name);
        }
    }
    pclose(answer);
}

/* The object that holds the address and, if it is more than a word, how far into it that is. */
void symbols_data(uintptr_t address, char *text, size_t size)
{
    load_objects();
    const object_name *best = NULL;
    for (unsigned i = 0; i < object_count; i++) {
        const object_name *object = &objects[i];
        bool holds = address >= object->address && address < object->address + object->size;
        if (holds) {
            best = object;
            break;
        }
    }
    if (best != NULL && best->size <= WORD_BYTES) {
        snprintf(text, size, "%s", best->name);
        return;
    }
    if (best != NULL) {
        snprintf(text, size, "%s+%lu", best->name, (unsigned long)(address - best->address));
        return;
    }
    for (unsigned i = 0; i < THREADS; i++) {
        if (context_owns(i, address)) {
            snprintf(text, size, "stack of thread %u", i);
            return;
        }
    }
    snprintf(text, size, "unnamed memory");
}
