/* view.c - what a thread knows: clocks of happens-before and floors of coherence. */
#include "core.h"

#include <string.h>

void view_clear(view *to)
{
    memset(to->clock, 0, sizeof to->clock);
    to->locations = 0;
}

void view_copy(view *to, const view *from)
{
    memcpy(to->clock, from->clock, sizeof to->clock);
    to->locations = from->locations;
    memcpy(to->floor, from->floor, from->locations * sizeof from->floor[0]);
}

void view_join_floors(view *to, const view *from)
{
    uint32_t shared = from->locations < to->locations ? from->locations : to->locations;
    for (uint32_t i = 0; i < shared; i++) {
        if (from->floor[i] > to->floor[i]) {
            to->floor[i] = from->floor[i];
        }
    }
    for (uint32_t i = shared; i < from->locations; i++) {
        to->floor[i] = from->floor[i];
    }
    if (from->locations > to->locations) {
        to->locations = from->locations;
    }
}

void view_join(view *to, const view *from)
{
    for (unsigned i = 0; i < THREADS; i++) {
        if (from->clock[i] > to->clock[i]) {
            to->clock[i] = from->clock[i];
        }
    }
    view_join_floors(to, from);
}

void view_raise(view *of, uint32_t at, uint16_t sequence)
{
    while (of->locations <= at) {
        of->floor[of->locations++] = 0;
    }
    if (of->floor[at] < sequence) {
        of->floor[at] = sequence;
    }
}
