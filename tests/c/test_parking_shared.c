/*
 * Goal: a thread that sleeps on a shared bell is woken from another process.
 * Method: two processes hand a baton to and fro, each of which maps the same file at an address of
 * its own and sleeps until the baton is its. No hand-over takes as long as a sleep may: a sleep
 * that its time-out ends was not woken, though it may find that it was rung.
 */
#include "check.h"

#include <sys/mman.h>
#include <sys/wait.h>

#include <corinth/parking.h>

#define WATCHDOG_S 30
#define HAND_OVERS 1000u /* each way */
#define SLEEP_NS UINT64_C(3000000000)
#define SIDES 2u

/* What both processes map: a world of one thread for each. */
typedef struct shared_part {
    corinth_doorbell doorbells[SIDES];
    corinth_parker parkers[SIDES];
    CORINTH_ALIGNAS(CORINTH_CACHE_LINE) uint32_t baton; /* atomic; even: side 0 has it */
    uint32_t parks[SIDES]; /* of each side, which hands them over with the baton */
    uint32_t late[SIDES];  /* sleeps that a time-out ended */
} shared_part;

/* What a process has of its own. */
typedef struct player {
    shared_part *shared;
    uint32_t side;
    corinth_bell bells[SIDES];
    corinth_waker wakers[SIDES];
    uint32_t calls[SIDES];
} player;

static void count_call(void *context)
{
    *(uint32_t *)context += 1;
}

static shared_part *mapped(int file)
{
    void *address =
        mmap(NULL, sizeof(shared_part), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    CHECK(address != MAP_FAILED);
    return address;
}

static void attach(player *self, int file, uint32_t side)
{
    memset(self, 0, sizeof(*self));
    self->shared = mapped(file);
    self->side = side;
    for (uint32_t i = 0; i < SIDES; i++) {
        corinth_bell_init(&self->bells[i], &self->shared->doorbells[i], &self->shared->parkers[i],
                          &self->wakers[i], 1, true);
        corinth_bell_set_wake(&self->bells[i], 0, count_call, &self->calls[i]);
    }
}

/* Sleeps until the baton is `mine`. Returns false if it wasn't woken. */
static bool await_baton(player *self, uint32_t mine)
{
    corinth_bell *own = &self->bells[self->side];
    uint32_t *baton = &self->shared->baton;
    while (corinth_internal_load_acquire_u32(baton) != mine) {
        uint32_t key = corinth_bell_prepare(own, 0);
        if (corinth_internal_load_acquire_u32(baton) == mine) {
            corinth_bell_cancel(own, 0);
            return true;
        }
        uint64_t deadline_ns = corinth_deadline_ns(SLEEP_NS);
        (void)corinth_bell_commit(own, 0, key, SLEEP_NS);
        if (corinth_time_left_ns(deadline_ns) == 0) {
            self->shared->late[self->side]++;
            return false;
        }
        self->shared->parks[self->side]++;
    }
    return true;
}

/* After a late sleep it ends; the other side's next sleep is late then, and it ends too. */
static void play(player *self)
{
    for (uint32_t round = 0; round < HAND_OVERS; round++) {
        uint32_t mine = round * SIDES + self->side;
        if (!await_baton(self, mine)) {
            return;
        }
        corinth_internal_store_release_u32(&self->shared->baton, mine + 1);
        corinth_bell_ring(&self->bells[1 - self->side], 1);
    }
}

/* The second process: it finds all made, and sleeps by fences without having been told to. */
static void play_second(int file, const shared_part *elsewhere)
{
    static player self;
    attach(&self, file, 1);
    CHECK(self.shared != elsewhere);
    CHECK(corinth_bell_is_fenced(&self.bells[0]));
    CHECK(self.bells[1].is_fenced[0]);
    play(&self);
    CHECK_EQUAL(self.calls[1], 0);
    CHECK_AT_MOST(self.shared->parks[0], self.calls[0]);
    _exit(0);
}

int main(int argc, char **argv)
{
    static player self;
    check_begin(argc, argv, WATCHDOG_S);
    check_wakeups();
    FILE *file = tmpfile();
    CHECK(file != NULL);
    CHECK_EQUAL(ftruncate(fileno(file), sizeof(shared_part)), 0);
    attach(&self, fileno(file), 0);
    for (uint32_t i = 0; i < SIDES; i++) {
        corinth_bell_reset(&self.bells[i], true);
    }
    check_case("two processes wake each other by shared bells");
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        check_watch(WATCHDOG_S);
        play_second(fileno(file), self.shared);
    }
    play(&self);
    int status = 0;
    CHECK_EQUAL(waitpid(child, &status, 0), child);
    CHECK_EQUAL(status, 0);
    const shared_part *shared = self.shared;
    printf("  %" PRIu32 " and %" PRIu32 " parks\n", shared->parks[0], shared->parks[1]);
    for (uint32_t i = 0; i < SIDES; i++) {
        CHECK_EQUAL(shared->late[i], 0);
        CHECK(shared->parks[i] > 0);
    }
    CHECK_EQUAL(shared->baton, HAND_OVERS * SIDES);
    CHECK_EQUAL(self.calls[0], 0);
    CHECK_AT_MOST(shared->parks[1], self.calls[1]);
    CHECK_EQUAL(fclose(file), 0);
    return 0;
}
