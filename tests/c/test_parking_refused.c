/*
 * Goal: where the system refuses barriers, from the start or from some moment on, no wake-up is
 * lost all the same, and the doorbell says that senders pass fences.
 * Method: a filter for system calls refuses membarrier. It comes after the doorbell was made and a
 * thread has slept; then that thread sleeps again, and another doorbell is made. A thread that
 * isn't woken is a hang, which the watchdog ends.
 */
#include "parking_world.h"
#include "refusal.h"

#define WATCHDOG_S 30
#define ROUNDS 200u

static world the_world;
static uint32_t work; /* atomic; what is there to be taken */

static void *take_each(void *context)
{
    (void)context;
    for (uint32_t taken = 0; taken < ROUNDS;) {
        uint32_t key = prepare(&the_world, 0);
        if (__atomic_load_n(&work, __ATOMIC_RELAXED) > 0) {
            cancel(&the_world, 0);
            (void)__atomic_fetch_sub(&work, 1, __ATOMIC_RELAXED);
            taken++;
        } else {
            (void)commit(&the_world, 0, key, CORINTH_FOREVER);
        }
    }
    return NULL;
}

/* Sends one at a time, each when the one before was taken, so that the other thread sleeps. */
static void send_each(void)
{
    pthread_t taker = check_thread(take_each, NULL);
    unsigned attempts = 0;
    for (uint32_t sent = 0; sent < ROUNDS; sent++) {
        while (__atomic_load_n(&work, __ATOMIC_RELAXED) > 0) {
            check_relax(&attempts);
        }
        (void)__atomic_fetch_add(&work, 1, __ATOMIC_RELAXED);
        ring(&the_world, 1);
    }
    check_join(taker);
    CHECK_EQUAL(work, 0);
}

int main(int argc, char **argv)
{
    check_begin(argc, argv, WATCHDOG_S);
    check_wakeups();
    bool had_barriers = !corinth_needs_fences();
    world_init(&the_world, 1);
    check_case(had_barriers ? "by barriers" : "by fences: this system has no barriers");
    send_each();
    CHECK_EQUAL(corinth_bell_is_fenced(&the_world.bell), !had_barriers);
    if (!refuse_barriers()) {
        check_case("this system has no filters: nothing is refused");
        return 0;
    }
    check_case("barriers are refused from now on, with a doorbell that relies on them");
    send_each();
    CHECK(corinth_bell_is_fenced(&the_world.bell));
    CHECK(the_world.bell.is_fenced[0]);
    check_case("barriers are refused before the doorbell is made");
    CHECK(corinth_needs_fences());
    world_init(&the_world, 1);
    CHECK(corinth_bell_is_fenced(&the_world.bell));
    send_each();
    return 0;
}
