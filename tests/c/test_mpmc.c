/*
 * Goal: the MPMC ring returns FULL, EMPTY and the length exactly when quiet, claims only slots that
 * are all in the right state, passes skipped ones, and doesn't change where positions or laps wrap.
 * Method: one thread that plays several producers and consumers step by step, with claims left open
 * in every awkward order.
 */
#include "mpmc_lane.h"

#define WATCHDOG_S 30

static lane the_lane;

/* Reserves one slot, which must be `expected`. */
static void reserve_one(lane *queue, corinth_position expected)
{
    corinth_position first;
    CHECK_EQUAL(reserve(queue, 1, &first), 1);
    CHECK_EQUAL(first, expected);
}

static void peek_one(lane *queue, corinth_position expected)
{
    corinth_position first;
    CHECK_EQUAL(peek(queue, 1, &first), 1);
    CHECK_EQUAL(first, expected);
}

/* Fills the ring one by one and empties it: exactly its capacity fits. */
static void check_full_and_empty_are_exact(lane *queue, corinth_position start)
{
    corinth_position first;
    for (size_t i = 0; i < queue->capacity; i++) {
        CHECK_EQUAL(length_of(queue), i);
        CHECK_EQUAL(is_ready(queue), i > 0);
        reserve_one(queue, (corinth_position)(start + i));
        commit(queue, (corinth_position)(start + i), 1, 1);
    }
    CHECK_EQUAL(reserve(queue, 1, &first), 0);
    for (size_t i = 0; i < queue->capacity; i++) {
        corinth_position position = (corinth_position)(start + i);
        /* A slot that was freed is claimed again two steps later, and skipped: it counts. */
        CHECK_EQUAL(length_of(queue), queue->capacity - (i > 0));
        peek_one(queue, position);
        CHECK_EQUAL(reserve(queue, 1, &first), i > 0);
        if (i > 0) {
            CHECK_EQUAL(first, (corinth_position)(start + queue->capacity + i - 1));
            commit(queue, first, 1, 0);
        }
        release(queue, position, 1);
    }
    /* All but one slot of the next lap were taken and skipped meanwhile. */
    CHECK_EQUAL(peek(queue, 1, &first), 0);
    CHECK_EQUAL(length_of(queue), 0);
    CHECK(!is_ready(queue));
}

/* A reservation needs every one of its slots free: not only the last one, nor only the first. */
static void check_reservation_looks_at_every_slot(lane *queue)
{
    corinth_position first;
    lane_init(queue, 4, 8);
    CHECK_EQUAL(claim_all(queue, true), 4);
    peek_one(queue, 8);
    peek_one(queue, 9);
    peek_one(queue, 10);
    release(queue, 9, 1);
    CHECK_EQUAL(reserve(queue, 2, &first), 0);
    release(queue, 8, 1);
    CHECK_EQUAL(reserve(queue, 1, &first), 1);
    CHECK_EQUAL(first, 12);
    peek_one(queue, 11);
    release(queue, 11, 1);
    /* Of the slots 9, 10 and 11, the middle one is still being read. */
    CHECK_EQUAL(reserve(queue, 3, &first), 1);
    CHECK_EQUAL(first, 13);
    CHECK_EQUAL(reserve(queue, 2, &first), 0);
    release(queue, 10, 1);
    CHECK_EQUAL(reserve(queue, 3, &first), 2);
    CHECK_EQUAL(first, 14);
}

/* A peek takes the ready slots up to the first that isn't, whatever is ready behind it. */
static void check_peek_looks_at_every_slot(lane *queue)
{
    corinth_position first;
    lane_init(queue, 4, 8);
    for (corinth_position position = 8; position < 12; position++) {
        reserve_one(queue, position);
    }
    commit(queue, 9, 1, 1);
    CHECK_EQUAL(peek(queue, 2, &first), 0);
    CHECK(!is_ready(queue));
    commit(queue, 8, 1, 1);
    commit(queue, 11, 1, 1);
    CHECK_EQUAL(peek(queue, 4, &first), 2);
    CHECK_EQUAL(first, 8);
    release(queue, 8, 2);
    CHECK_EQUAL(peek(queue, 2, &first), 0);
    commit(queue, 10, 1, 1);
    CHECK_EQUAL(peek(queue, 4, &first), 2);
    CHECK_EQUAL(first, 10);
    release(queue, 10, 2);
}

/* Aborted slots before, between and behind committed ones are passed, never returned. */
static void check_skipped_slots_are_passed(lane *queue)
{
    corinth_position first;
    lane_init(queue, 8, 16);
    for (corinth_position position = 16; position < 24; position++) {
        reserve_one(queue, position);
        bool is_committed = position == 17 || position == 18 || position == 21;
        commit(queue, position, 1, is_committed ? 1 : 0);
    }
    CHECK_EQUAL(peek(queue, 8, &first), 2);
    CHECK_EQUAL(first, 17);
    release(queue, 17, 2);
    CHECK(is_ready(queue));
    CHECK_EQUAL(peek(queue, 8, &first), 1);
    CHECK_EQUAL(first, 21);
    release(queue, 21, 1);
    CHECK_EQUAL(peek(queue, 8, &first), 0);
    CHECK_EQUAL(length_of(queue), 0);
    /* Of a claim that is committed in part, the rest is skipped. */
    CHECK_EQUAL(reserve(queue, 8, &first), 8);
    commit(queue, first, 8, 3);
    CHECK_EQUAL(peek(queue, 8, &first), 3);
    CHECK_EQUAL(first, 24);
    release(queue, 24, 3);
    CHECK_EQUAL(peek(queue, 8, &first), 0);
    CHECK_EQUAL(reserve(queue, 8, &first), 8);
    CHECK_EQUAL(first, 32);
}

/* An only consumer may keep the rest of its claim: it is ready still, and claimed again. */
static void check_release_of_a_part(lane *queue)
{
    corinth_position first;
    lane_init(queue, 4, 8);
    CHECK_EQUAL(claim_all(queue, true), 4);
    CHECK_EQUAL(peek(queue, 3, &first), 3);
    corinth_mpmc_release_first(&queue->ring, queue->marks, 4, first, 3, 1);
    CHECK_EQUAL(length_of(queue), 3);
    CHECK(is_ready(queue));
    CHECK_EQUAL(reserve(queue, 2, &first), 1);
    CHECK_EQUAL(first, 12);
    commit(queue, 12, 1, 1);
    CHECK_EQUAL(peek(queue, 4, &first), 3);
    CHECK_EQUAL(first, 9);
    corinth_mpmc_release_first(&queue->ring, queue->marks, 4, first, 3, 0);
    CHECK_EQUAL(reserve(queue, 1, &first), 0);
    CHECK_EQUAL(peek(queue, 4, &first), 3);
    CHECK_EQUAL(first, 9);
    corinth_mpmc_release_first(&queue->ring, queue->marks, 4, first, 3, 3);
    peek_one(queue, 12);
    release(queue, 12, 1);
    check_no_slot_is_lost(queue);
}

/* Every capacity, started a few positions before every place where a number could overflow. */
static void run_quiet(lane *queue)
{
    static const corinth_position wraps[] = {
        0, (corinth_position)UINT64_C(0x80000000), (corinth_position)UINT64_C(0x100000000)};
    check_case("FULL, EMPTY, length and capacity are exact when quiet");
    for (size_t capacity = 2; capacity <= CAPACITY_MAX; capacity *= 2) {
        for (size_t wrap = 0; wrap < sizeof(wraps) / sizeof(wraps[0]); wrap++) {
            corinth_position start = wraps[wrap] - (corinth_position)(capacity / 2 + 1);
            lane_init(queue, capacity, start);
            check_full_and_empty_are_exact(queue, start);
            check_no_slot_is_lost(queue);
            check_no_slot_is_lost(queue);
        }
    }
    check_case("a reservation looks at every slot");
    check_reservation_looks_at_every_slot(queue);
    check_case("a peek looks at every slot");
    check_peek_looks_at_every_slot(queue);
    check_case("skipped slots are passed");
    check_skipped_slots_are_passed(queue);
    check_case("an only consumer releases a part of its claim");
    check_release_of_a_part(queue);
}

int main(int argc, char **argv)
{
    check_begin(argc, argv, WATCHDOG_S);
    run_quiet(&the_lane);
    return 0;
}
