/*
 * Goal: a lane with pressure says that it is nearly full from three quarters on, until it is less
 * than half full.
 * Method: lanes of each kind are filled one by one, emptied one by one and filled again; what they
 * say is compared with a model after each step. What the port knows is out of date between, so that
 * it has to look again.
 */
#include "check.h"
#include "pressure.h"

#define WATCHDOG_S 10u
#define CAPACITY_MAX 16u

static pressure_coordinator coordinator;
static pressure_one_port *one;
static pressure_two_port *two;
static pressure_several_port *several[PRESSURE_SEVERAL_THREADS];
static pressure_many_port *many[PRESSURE_MANY_THREADS];

static void begin(void)
{
    CHECK_EQUAL(pressure_coordinator_init(&coordinator), CORINTH_OK);
    CHECK_EQUAL(pressure_coordinator_start(&coordinator), CORINTH_OK);
    one = pressure_one_open(&coordinator, 0);
    two = pressure_two_open(&coordinator, 0);
    for (uint32_t i = 0; i < PRESSURE_SEVERAL_THREADS; i++) {
        several[i] = pressure_several_open(&coordinator, i);
        many[i] = pressure_many_open(&coordinator, i);
    }
}

static pressure_transfer transfer_to(pressure_world target, uint8_t flags)
{
    pressure_transfer transfer;
    pressure_transfer_init(&transfer, PRESSURE_WORLD_ONE, target);
    transfer.flags = flags;
    return transfer;
}

/* A lane: how to send one transfer, to receive one, and to ask. */
typedef struct lane {
    const char *name;
    size_t capacity;
    corinth_status (*send)(void);
    corinth_status (*receive)(void);
    bool (*is_pressed)(void);
} lane;

static corinth_status send_one_to_two(void)
{
    pressure_transfer transfer = transfer_to(PRESSURE_WORLD_TWO, 0);
    return pressure_one_to_two_send(one, &transfer);
}

static corinth_status receive_one_to_two(void)
{
    pressure_transfer transfer;
    return pressure_one_to_two_receive(two, &transfer);
}

static bool is_one_to_two_pressed(void)
{
    return pressure_one_to_two_is_pressed(one);
}

static corinth_status send_one_to_several(void)
{
    pressure_transfer transfer = transfer_to(PRESSURE_WORLD_SEVERAL, 0);
    return pressure_one_to_several_send(one, &transfer);
}

static corinth_status receive_one_to_several(void)
{
    pressure_transfer transfer;
    return pressure_one_to_several_receive(several[1], &transfer);
}

static bool is_one_to_several_pressed(void)
{
    return pressure_one_to_several_is_pressed(one);
}

static corinth_status send_several_to_one(void)
{
    pressure_transfer transfer = transfer_to(PRESSURE_WORLD_ONE, 0);
    return pressure_several_to_one_send(several[0], &transfer);
}

static corinth_status receive_several_to_one(void)
{
    pressure_transfer transfer;
    return pressure_several_to_one_receive(one, &transfer);
}

static bool is_several_to_one_pressed(void)
{
    return pressure_several_to_one_is_pressed(several[1]);
}

static corinth_status send_several_to_many(void)
{
    pressure_transfer transfer = transfer_to(PRESSURE_WORLD_MANY, 0);
    return pressure_several_to_many_send(several[1], &transfer);
}

static corinth_status receive_several_to_many(void)
{
    pressure_transfer transfer;
    return pressure_several_to_many_receive(many[0], &transfer);
}

static bool is_several_to_many_pressed(void)
{
    return pressure_several_to_many_is_pressed(several[0]);
}

static corinth_status send_two_to_one(void)
{
    pressure_transfer transfer = transfer_to(PRESSURE_WORLD_ONE, 0);
    return pressure_two_to_one_send(two, &transfer);
}

static corinth_status receive_two_to_one(void)
{
    pressure_transfer transfer;
    return pressure_two_to_one_receive(one, &transfer);
}

static bool is_two_to_one_pressed(void)
{
    return pressure_two_to_one_is_pressed(two);
}

static const lane lanes[] = {
    {"spsc, 16", 16, send_one_to_two, receive_one_to_two, is_one_to_two_pressed},
    {"spmc, 4", 4, send_one_to_several, receive_one_to_several, is_one_to_several_pressed},
    {"mpsc, 4", 4, send_several_to_one, receive_several_to_one, is_several_to_one_pressed},
    {"mpmc, 16", 16, send_several_to_many, receive_several_to_many, is_several_to_many_pressed},
    {"spsc, 2", 2, send_two_to_one, receive_two_to_one, is_two_to_one_pressed},
};

/* The rule, in quarters of the capacity, so that nothing is rounded. */
static void check_pressure(const lane *each, size_t used, bool *expected)
{
    *expected = *expected ? 4 * used >= 2 * each->capacity : 4 * used >= 3 * each->capacity;
    CHECK_EQUAL(each->is_pressed(), *expected);
    CHECK_EQUAL(each->is_pressed(), *expected);
}

static void run_levels(const lane *each)
{
    check_case(each->name);
    begin();
    bool expected = false;
    /* Over the end of the array and beyond, at every offset. */
    for (size_t round = 0; round < 2 * CAPACITY_MAX + 1; round++) {
        for (size_t used = 1; used <= each->capacity; used++) {
            CHECK_EQUAL(each->send(), CORINTH_OK);
            check_pressure(each, used, &expected);
        }
        CHECK_EQUAL(each->send(), CORINTH_FULL);
        check_pressure(each, each->capacity, &expected);
        CHECK_EQUAL(expected, true);
        for (size_t used = each->capacity; used > 0; used--) {
            CHECK_EQUAL(each->receive(), CORINTH_OK);
            check_pressure(each, used - 1, &expected);
        }
        CHECK_EQUAL(expected, false);
        /* Every offset in turn. */
        CHECK_EQUAL(each->send(), CORINTH_OK);
        CHECK_EQUAL(each->receive(), CORINTH_OK);
    }
}

static void run_between(const lane *each)
{
    check_case("between half and three quarters it stays what it was");
    begin();
    size_t half = each->capacity / 2;
    for (size_t i = 0; i < half; i++) {
        CHECK_EQUAL(each->send(), CORINTH_OK);
    }
    CHECK_EQUAL(each->is_pressed(), false);
    for (size_t i = half; i < each->capacity; i++) {
        CHECK_EQUAL(each->send(), CORINTH_OK);
    }
    CHECK_EQUAL(each->is_pressed(), true);
    for (size_t i = half; i < each->capacity; i++) {
        CHECK_EQUAL(each->receive(), CORINTH_OK);
    }
    CHECK_EQUAL(each->is_pressed(), true);
    CHECK_EQUAL(each->receive(), CORINTH_OK);
    CHECK_EQUAL(each->is_pressed(), false);
    CHECK_EQUAL(each->send(), CORINTH_OK);
    CHECK_EQUAL(each->is_pressed(), false);
}

static void run_classes(void)
{
    check_case("a lane with priority is pressed where either of its rings is");
    begin();
    pressure_transfer urgent = transfer_to(PRESSURE_WORLD_ONE, PRESSURE_TRANSFER_PRIORITY);
    for (size_t i = 0; i < 2; i++) {
        CHECK_EQUAL(pressure_two_to_one_send(two, &urgent), CORINTH_OK);
        CHECK_EQUAL(pressure_two_to_one_is_pressed(two), false);
    }
    CHECK_EQUAL(pressure_two_to_one_send(two, &urgent), CORINTH_OK);
    CHECK_EQUAL(pressure_two_to_one_is_pressed(two), true);
    CHECK_EQUAL(pressure_two_is_pressed(two), true);
    CHECK_EQUAL(receive_two_to_one(), CORINTH_OK);
    CHECK_EQUAL(pressure_two_to_one_is_pressed(two), true);
    CHECK_EQUAL(receive_two_to_one(), CORINTH_OK);
    CHECK_EQUAL(pressure_two_to_one_is_pressed(two), false);
}

static void run_worlds(void)
{
    check_case("a world is pressed where one of its lanes with pressure is");
    begin();
    pressure_transfer transfer = transfer_to(PRESSURE_WORLD_MANY, 0);
    CHECK_EQUAL(pressure_one_is_pressed(one), false);
    for (size_t i = 0; i < PRESSURE_ONE_TO_MANY_CAPACITY; i++) {
        CHECK_EQUAL(pressure_one_to_many_send(one, &transfer), CORINTH_OK);
    }
    CHECK_EQUAL(pressure_one_is_pressed(one), false);
    for (size_t i = 0; i < 3; i++) {
        CHECK_EQUAL(pressure_one_is_pressed(one), false);
        CHECK_EQUAL(send_one_to_several(), CORINTH_OK);
    }
    CHECK_EQUAL(pressure_one_is_pressed(one), true);
    for (size_t i = 0; i < 12; i++) {
        CHECK_EQUAL(send_one_to_two(), CORINTH_OK);
    }
    CHECK_EQUAL(pressure_one_is_pressed(one), true);
    CHECK_EQUAL(receive_one_to_several(), CORINTH_OK);
    CHECK_EQUAL(receive_one_to_several(), CORINTH_OK);
    CHECK_EQUAL(pressure_one_is_pressed(one), true);
    for (size_t i = 0; i < 5; i++) {
        CHECK_EQUAL(pressure_one_is_pressed(one), true);
        CHECK_EQUAL(receive_one_to_two(), CORINTH_OK);
    }
    CHECK_EQUAL(pressure_one_is_pressed(one), false);
}

static void run_open_claims(void)
{
    check_case("an open claim counts where several ports send, and not where one does");
    begin();
    pressure_one_to_two_claim own;
    CHECK_EQUAL(pressure_one_to_two_reserve(one, 16, &own), 16);
    CHECK_EQUAL(pressure_one_to_two_is_pressed(one), false);
    pressure_one_to_two_commit(one, &own, 12);
    CHECK_EQUAL(pressure_one_to_two_is_pressed(one), true);
    pressure_several_to_one_claim claim;
    CHECK_EQUAL(pressure_several_to_one_reserve(several[0], 3, &claim), 3);
    CHECK_EQUAL(pressure_several_to_one_is_pressed(several[1]), true);
    pressure_several_to_one_commit(several[0], &claim, 3);
}

static void run_open_batches(void)
{
    check_case("a lane without room is pressed, also where receivers hold all of it");
    begin();
    for (size_t i = 0; i < PRESSURE_SEVERAL_TO_MANY_CAPACITY; i++) {
        CHECK_EQUAL(send_several_to_many(), CORINTH_OK);
    }
    pressure_several_to_many_batch batch;
    size_t capacity = PRESSURE_SEVERAL_TO_MANY_CAPACITY;
    CHECK_EQUAL(pressure_several_to_many_peek(many[0], capacity, &batch), capacity);
    CHECK_EQUAL(send_several_to_many(), CORINTH_FULL);
    CHECK_EQUAL(is_several_to_many_pressed(), true);
    pressure_several_to_many_release(many[0], &batch, capacity);
    CHECK_EQUAL(is_several_to_many_pressed(), false);
    pressure_several_to_many_claim claim;
    CHECK_EQUAL(pressure_several_to_many_reserve(several[0], 2, &claim), 2);
    CHECK_EQUAL(is_several_to_many_pressed(), false);
    pressure_several_to_many_abort(several[0], &claim);
}

int main(int argc, char **argv)
{
    check_begin(argc, argv, WATCHDOG_S);
    for (size_t i = 0; i < sizeof(lanes) / sizeof(lanes[0]); i++) {
        run_levels(&lanes[i]);
        run_between(&lanes[i]);
    }
    run_classes();
    run_worlds();
    run_open_claims();
    run_open_batches();
    return 0;
}
