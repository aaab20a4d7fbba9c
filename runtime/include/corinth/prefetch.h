/*
 * prefetch.h - asks for the cache lines of slots before they are written.
 *
 * A slot that a producer fills was last read by a consumer on another core. To write it the core
 * has to get its lines back, which takes 100 ns and more; a store that waits for a line holds up
 * all behind it. So each claim asks for the lines of one slot some way ahead, as far as the slots
 * there are known to be free: those that a consumer still reads would be taken away from it.
 *
 * One slot a claim is meant for calls that send one. Those that send many at once write lines in a
 * row, which the processor foresees by itself: there to ask for every line cost 5 to 15 %.
 *
 * How far ahead was measured with one item a call on a Zen 5 (gcc 12, 2026-11-28, capacity 4096,
 * medians of 16 to 20 interleaved rounds, cores that were mostly far apart; how many times as fast
 * as without):
 *
 *     bytes ahead     256     512    1024    2048
 *     slots of 16 B          1.67    1.38    1.10
 *              64 B  1.37    1.44    1.63    1.43
 *             256 B  1.04    1.13    1.23    1.11
 *           1,024 B  1.05    1.05    1.52    1.60
 *
 * Between cores that are near (a line takes 100 ns there and back, not 400) it was 1.03 to 1.5 for
 * slots of 16 and 64 B, and made no difference for larger ones.
 */
#ifndef CORINTH_PREFETCH_H
#define CORINTH_PREFETCH_H

#include <corinth/platform.h>

CORINTH_BEGIN_DECLARATIONS

/* What processors move between cores; CORINTH_CACHE_LINE keeps twice that apart. */
#define CORINTH_INTERNAL_LINE_BYTES 64

/* How many bytes ahead, for slots of `bytes` each. */
CORINTH_INLINE size_t corinth_internal_bytes_ahead(size_t bytes)
{
    CORINTH_ASSERT(bytes > 0);
    return bytes < CORINTH_INTERNAL_LINE_BYTES ? 512 : 1024;
}

/* The line is going to be written. It may be any address that the program has. */
CORINTH_INLINE void corinth_internal_prefetch_for_write(const void *address)
{
#if defined(__x86_64__)
    /* Compilers make a prefetch for reading of the builtin, unless told of the processor. Those
     * that lack this one do nothing. */
    __asm__ volatile("prefetchw %0" : : "m"(*(const char *)address));
#else
    __builtin_prefetch(address, 1);
#endif
}

/*
 * A producer's claim begins at the slot `first`, of `bytes`; `held` slots from there on, up to the
 * end of the array at most, are free.
 */
CORINTH_INLINE void corinth_internal_prefetch_ahead(const void *first, size_t bytes, size_t held)
{
    size_t distance = corinth_internal_bytes_ahead(bytes);
    size_t ahead = (distance + bytes - 1) / bytes;
    size_t end = bytes < distance ? bytes : distance;
    if (held > ahead) {
        const char *slot = (const char *)first + ahead * bytes;
        for (size_t at = 0; at < end; at += CORINTH_INTERNAL_LINE_BYTES) {
            corinth_internal_prefetch_for_write(slot + at);
        }
    }
}

CORINTH_END_DECLARATIONS

#endif
