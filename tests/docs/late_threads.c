/*
 * Linked into a program by --wrap=pthread_create: a thread that the program makes does nothing
 * before the main thread sleeps in the kernel. So a main thread that receives always waits first.
 */
#include <ctype.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LOOKS = 3, MOST_LOOKS = 2000 };

typedef struct late {
    void *(*begin)(void *);
    void *context;
} late;

int __real_pthread_create(
    pthread_t *thread, const pthread_attr_t *attributes, void *(*begin)(void *), void *context);
int __wrap_pthread_create(
    pthread_t *thread, const pthread_attr_t *attributes, void *(*begin)(void *), void *context);

/* The state follows the name in parentheses: "123 (hello) S ...". */
static int main_sleeps(void)
{
    char path[64];
    char text[256];
    snprintf(path, sizeof path, "/proc/self/task/%d/stat", (int)getpid());
    FILE *file = fopen(path, "r");
    if (file == NULL || fgets(text, (int)sizeof text, file) == NULL) {
        abort();
    }
    fclose(file);
    const char *name_end = strrchr(text, ')');
    return name_end != NULL && name_end[2] == 'S';
}

static void *begin_late(void *context)
{
    late own = *(late *)context;
    free(context);
    int seen = 0;
    for (int looks = 0; seen < LOOKS && looks < MOST_LOOKS; looks++) {
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
        seen = main_sleeps() ? seen + 1 : 0;
    }
    if (seen < LOOKS) {
        fputs("the main thread never slept\n", stderr);
        exit(1);
    }
    return own.begin(own.context);
}

int __wrap_pthread_create(
    pthread_t *thread, const pthread_attr_t *attributes, void *(*begin)(void *), void *context)
{
    late *own = malloc(sizeof *own);
    if (own == NULL) {
        abort();
    }
    *own = (late){begin, context};
    return __real_pthread_create(thread, attributes, begin_late, own);
}
