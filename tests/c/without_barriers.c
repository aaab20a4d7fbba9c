/*
 * without_barriers.c - runs a program that the system refuses membarrier to, as old kernels and
 * containers do: `without_barriers PROGRAM [ARGUMENT ...]`. Exits like the program; with 77, which
 * stands for a skipped test, where there are no filters; with 127 if it can't be started.
 */
#include "refusal.h"

#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    if (argc < 2) {
        (void)fprintf(stderr, "usage: without_barriers PROGRAM [ARGUMENT ...]\n");
        return 2;
    }
    if (!refuse_barriers()) {
        return 77;
    }
    (void)execvp(argv[1], &argv[1]);
    perror(argv[1]);
    return 127;
}
