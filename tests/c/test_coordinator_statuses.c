/*
 * Goal: every status that a call of a port can answer, each for its own reason and nothing else;
 * the transfer's target decides, its source never does.
 * Method: the calls one by one in one thread, on worlds with gaps between their ids, of which some
 * only send and some only receive.
 */
#include "mixed_ports.h"

#define WATCHDOG_S 20
#define UNDEFINED_BIT 4 /* free between the components' bits */

static corinth_status send_to(station_world target)
{
    station_transfer transfer = passenger(1, target);
    station_transfer before = transfer;
    corinth_status status = station_train_send(train, &transfer);
    CHECK_EQUAL(memcmp(&before, &transfer, sizeof(before)), 0);
    return status;
}

/* What is wrong with a transfer is answered whether or not the coordinator runs. */
static void check_wrong_transfers(void)
{
    static const station_world no_worlds[] = {0, 1, 4, 7, 10, 13, 63, 64, 128, 254, 255};
    for (size_t i = 0; i < sizeof(no_worlds) / sizeof(no_worlds[0]); i++) {
        CHECK_EQUAL(send_to(no_worlds[i]), CORINTH_BAD_WORLD);
    }
    CHECK_EQUAL(send_to(STATION_WORLD_TRAIN), CORINTH_NO_LANE);
    CHECK_EQUAL(send_to(STATION_WORLD_TRAM), CORINTH_NO_LANE);
    CHECK_EQUAL(send_to(STATION_WORLD_BUS), CORINTH_NO_LANE);
    station_transfer transfer = passenger(1, STATION_WORLD_HALL);
    transfer.mask |= 1u << UNDEFINED_BIT;
    CHECK_EQUAL(station_train_send(train, &transfer), CORINTH_BAD_TRANSFER);
    CHECK_EQUAL(station_train_send_routed(train, &transfer), CORINTH_BAD_TRANSFER);
    CHECK_EQUAL(station_train_to_hall_send(train, &transfer), CORINTH_BAD_TRANSFER);
    transfer = passenger(1, STATION_WORLD_WARD);
    CHECK_EQUAL(station_tram_send_routed(tram, &transfer), CORINTH_NO_ROUTE);
    CHECK_EQUAL(station_ward_send_routed(ward, &transfer), CORINTH_NO_ROUTE);
    CHECK_EQUAL(station_coordinator_total_pending(&coordinator), 0);
}

static void check_stopped(void)
{
    station_transfer transfers[2] = {passenger(1, STATION_WORLD_HALL),
                                     passenger(2, STATION_WORLD_WARD)};
    size_t sent = 7;
    station_train_to_hall_claim claim;
    CHECK_EQUAL(send_to(STATION_WORLD_HALL), CORINTH_STOPPED);
    CHECK_EQUAL(station_train_send_routed(train, &transfers[0]), CORINTH_STOPPED);
    CHECK_EQUAL(station_train_to_hall_send(train, &transfers[0]), CORINTH_STOPPED);
    CHECK_EQUAL(station_train_send_batch(train, transfers, 2, &sent), CORINTH_STOPPED);
    CHECK_EQUAL(sent, 0);
    CHECK_EQUAL(station_train_to_hall_reserve(train, 4, &claim), 0);
    CHECK_EQUAL(claim.status, CORINTH_STOPPED);
    CHECK_EQUAL(claim.count, 0);
    station_train_to_hall_commit(train, &claim, 0);
    station_bus_to_ward_claim urgent;
    CHECK_EQUAL(station_bus_to_ward_reserve_priority(bus, 4, &urgent), 0);
    CHECK_EQUAL(urgent.status, CORINTH_STOPPED);
    CHECK_EQUAL(stats_of(STATION_TRAIN_TO_HALL_INDEX).full, 0);
    CHECK_EQUAL(station_coordinator_total_pending(&coordinator), 0);
}

static void run_before_start(void)
{
    check_case("before start and after stop: STOPPED, or what is wrong anyway");
    open_station();
    CHECK(!station_coordinator_is_running(&coordinator));
    check_stopped();
    check_wrong_transfers();
    CHECK_EQUAL(station_coordinator_start(&coordinator), CORINTH_OK);
    CHECK(station_coordinator_is_running(&coordinator));
    check_wrong_transfers();
    CHECK_EQUAL(station_coordinator_stop(&coordinator), CORINTH_OK);
    CHECK(!station_coordinator_is_running(&coordinator));
    check_stopped();
    check_wrong_transfers();
}

static void run_stamps(void)
{
    check_case("the world that sends is the source, whatever the transfer says");
    start_station();
    station_transfer received;
    station_transfer transfer = passenger(5, STATION_WORLD_WARD);
    transfer.source = STATION_WORLD_BUS;
    CHECK_EQUAL(station_tram_send(tram, &transfer), CORINTH_OK);
    CHECK_EQUAL(stats_of(STATION_TRAM_TO_WARD_INDEX).sent, 1);
    CHECK_EQUAL(stats_of(STATION_BUS_TO_WARD_INDEX).sent, 0);
    CHECK_EQUAL(station_ward_receive(ward, &received), CORINTH_OK);
    CHECK_EQUAL(received.source, STATION_WORLD_TRAM);
    CHECK_EQUAL(received.target, STATION_WORLD_WARD);
    /* What was received is forwarded as it is: the world that forwards it is its source now. */
    station_transfer_pack_lost(&received);
    CHECK_EQUAL(station_ward_send_routed(ward, &received), CORINTH_OK);
    CHECK_EQUAL(received.source, STATION_WORLD_TRAM);
    CHECK_EQUAL(received.target, STATION_WORLD_WARD);
    CHECK_EQUAL(station_store_receive(store, &received), CORINTH_OK);
    CHECK_EQUAL(received.source, STATION_WORLD_WARD);
    CHECK_EQUAL(received.target, STATION_WORLD_STORE);
    CHECK_EQUAL(received.entity, 5);
    /* A lane's own send takes its target from the lane, and in place both ends are the lane's. */
    transfer.target = STATION_WORLD_WARD;
    CHECK_EQUAL(station_tram_to_hall_send(tram, &transfer), CORINTH_OK);
    CHECK_EQUAL(station_hall_receive(halls[0], &received), CORINTH_OK);
    CHECK_EQUAL(received.source, STATION_WORLD_TRAM);
    CHECK_EQUAL(received.target, STATION_WORLD_HALL);
    station_tram_to_hall_claim claim;
    CHECK_EQUAL(station_tram_to_hall_reserve(tram, 2, &claim), 2);
    claim.slots[0] = transfer;
    claim.slots[1] = received;
    claim.slots[1].source = 200;
    station_tram_to_hall_commit(tram, &claim, 2);
    for (int i = 0; i < 2; i++) {
        CHECK_EQUAL(station_hall_receive(halls[1], &received), CORINTH_OK);
        CHECK_EQUAL(received.source, STATION_WORLD_TRAM);
        CHECK_EQUAL(received.target, STATION_WORLD_HALL);
    }
}

static void run_full(void)
{
    check_case("FULL when there is no slot, until one is released");
    start_station();
    station_transfer received;
    for (int i = 0; i < STATION_TRAIN_TO_HALL_CAPACITY; i++) {
        CHECK_EQUAL(send_to(STATION_WORLD_HALL), CORINTH_OK);
    }
    CHECK_EQUAL(send_to(STATION_WORLD_HALL), CORINTH_FULL);
    CHECK_EQUAL(send_to(STATION_WORLD_STORE), CORINTH_OK);
    CHECK_EQUAL(station_hall_receive(halls[2], &received), CORINTH_OK);
    CHECK_EQUAL(send_to(STATION_WORLD_HALL), CORINTH_OK);
    CHECK_EQUAL(send_to(STATION_WORLD_HALL), CORINTH_FULL);
    CHECK_EQUAL(stats_of(STATION_TRAIN_TO_HALL_INDEX).full, 2);
}

/* What the routing of train says of `mask`, and where send_routed delivers. */
static void check_route(station_mask mask, station_world target)
{
    CHECK_EQUAL(station_route_target(STATION_WORLD_TRAIN, mask), target);
    station_transfer transfer = passenger(1, STATION_WORLD_BUS);
    transfer.mask = (uint16_t)mask;
    station_transfer before = transfer;
    CHECK_EQUAL(station_train_send_routed(train, &transfer), CORINTH_OK);
    CHECK_EQUAL(memcmp(&before, &transfer, sizeof(before)), 0);
    CHECK_EQUAL(station_coordinator_pending(&coordinator, target), 1);
    CHECK_EQUAL(station_coordinator_total_pending(&coordinator), 1);
    station_transfer received;
    CHECK_EQUAL(station_coordinator_receive(&coordinator, target, &received), CORINTH_OK);
    CHECK_EQUAL(received.target, target);
    CHECK_EQUAL(received.mask, mask);
}

static void run_routes(void)
{
    check_case("of the rules that match the last one wins");
    start_station();
    station_mask none = station_mask_none();
    check_route(none, STATION_WORLD_HALL);
    check_route(STATION_PASS_MASK, STATION_WORLD_HALL);
    check_route(STATION_LUGGAGE_MASK, STATION_WORLD_STORE);
    check_route(STATION_SICK_MASK, STATION_WORLD_WARD);
    check_route(STATION_LOST_MASK, STATION_WORLD_STORE);
    check_route(STATION_LUGGAGE_MASK | STATION_SICK_MASK, STATION_WORLD_WARD);
    check_route(STATION_SICK_MASK | STATION_LOST_MASK, STATION_WORLD_STORE);
    check_route(station_mask_all(), STATION_WORLD_STORE);
    CHECK_EQUAL(station_route_target(STATION_WORLD_WARD, STATION_LOST_MASK), STATION_WORLD_STORE);
    CHECK_EQUAL(station_route_target(STATION_WORLD_WARD, STATION_SICK_MASK), STATION_ROUTE_NONE);
    CHECK_EQUAL(station_route_target(STATION_WORLD_TRAM, station_mask_all()), STATION_ROUTE_NONE);
    CHECK_EQUAL(station_route_target(STATION_WORLD_STORE, station_mask_all()), STATION_ROUTE_NONE);
    CHECK_EQUAL(station_route_target(4, none), STATION_ROUTE_NONE);
    CHECK_EQUAL(station_route_target(STATION_ROUTE_NONE, none), STATION_ROUTE_NONE);
}

static void check_batch(station_transfer *transfers, size_t count, size_t moved,
                        corinth_status status)
{
    size_t sent = 99;
    uint64_t pending = station_coordinator_total_pending(&coordinator);
    CHECK_EQUAL(station_train_send_batch(train, transfers, count, &sent), status);
    CHECK_EQUAL(sent, moved);
    CHECK_EQUAL(station_coordinator_total_pending(&coordinator), pending + moved);
}

static void run_batches(void)
{
    check_case("of a batch the first ones moved, and the status is the next one's");
    start_station();
    station_transfer transfers[24];
    check_batch(transfers, 0, 0, CORINTH_OK);
    for (uint64_t i = 0; i < 24; i++) {
        transfers[i] = passenger(i, i % 4 == 3 ? STATION_WORLD_STORE : STATION_WORLD_WARD);
    }
    check_batch(transfers, 8, 8, CORINTH_OK);
    transfers[2].target = 4;
    check_batch(transfers, 8, 2, CORINTH_BAD_WORLD);
    transfers[2].target = STATION_WORLD_BUS;
    check_batch(transfers, 8, 2, CORINTH_NO_LANE);
    transfers[2].target = STATION_WORLD_WARD;
    transfers[1].mask = UINT16_C(1) << UNDEFINED_BIT;
    check_batch(transfers, 8, 1, CORINTH_BAD_TRANSFER);
    check_batch(&transfers[1], 4, 0, CORINTH_BAD_TRANSFER);
    transfers[1].mask = 0;
    /* 11 are in the lane to ward, of 16: number 4, 5, 6, 8 and 9 fit, and no. 7 is another's. */
    check_batch(&transfers[4], 20, 6, CORINTH_FULL);
    station_transfer received;
    for (uint64_t i = 0; i < 16; i++) {
        static const uint64_t order[] = {0, 1, 2, 4, 5, 6, 0, 1, 0, 1, 0, 4, 5, 6, 8, 9};
        CHECK_EQUAL(station_ward_receive(ward, &received), CORINTH_OK);
        CHECK_EQUAL(received.entity, order[i]);
        CHECK_EQUAL(received.source, STATION_WORLD_TRAIN);
    }
    CHECK_EQUAL(station_ward_receive(ward, &received), CORINTH_EMPTY);
    /* The lane's end is passed in the middle of a batch. */
    for (uint64_t i = 0; i < 24; i++) {
        transfers[i].target = STATION_WORLD_WARD;
    }
    check_batch(transfers, 16, 16, CORINTH_OK);
    check_batch(transfers, 1, 0, CORINTH_FULL);
    CHECK_EQUAL(station_coordinator_stop(&coordinator), CORINTH_OK);
    check_batch(transfers, 1, 0, CORINTH_STOPPED);
    CHECK_EQUAL(station_ward_receive_batch(ward, transfers, 24), 16);
    CHECK_EQUAL(transfers[15].entity, 15);
}

/* The lane to ward ends after 16 slots; priority parts a batch into runs of one class. */
static void run_mixed_batch(void)
{
    check_case("a batch of both classes keeps the order of each");
    start_station();
    station_transfer transfers[12];
    for (uint64_t i = 0; i < 12; i++) {
        transfers[i] = passenger(i, STATION_WORLD_WARD);
        transfers[i].flags = i % 3 == 0 ? STATION_TRANSFER_PRIORITY : 0;
    }
    size_t sent = 0;
    CHECK_EQUAL(station_bus_send_batch(bus, transfers, 12, &sent), CORINTH_OK);
    CHECK_EQUAL(sent, 12);
    static const uint64_t order[] = {0, 3, 1, 6, 9, 2, 4, 5, 7, 8, 10, 11};
    for (size_t i = 0; i < 12; i++) {
        CHECK_EQUAL(station_ward_receive(ward, &transfers[0]), CORINTH_OK);
        CHECK_EQUAL(transfers[0].entity, order[i]);
    }
}

static void run_by_world(void)
{
    check_case("the same calls for a world that is named at run time");
    start_station();
    station_transfer transfer = passenger(1, STATION_WORLD_WARD);
    station_transfer received;
    CHECK_EQUAL(station_coordinator_send(&coordinator, &transfer), CORINTH_BAD_WORLD);
    CHECK_EQUAL(station_coordinator_send_routed(&coordinator, &transfer), CORINTH_BAD_WORLD);
    transfer.source = STATION_WORLD_STORE;
    CHECK_EQUAL(station_coordinator_send(&coordinator, &transfer), CORINTH_NO_LANE);
    CHECK_EQUAL(station_coordinator_send_routed(&coordinator, &transfer), CORINTH_NO_LANE);
    transfer.source = STATION_WORLD_TRAIN;
    CHECK_EQUAL(station_coordinator_send(&coordinator, &transfer), CORINTH_OK);
    CHECK_EQUAL(station_coordinator_pending(&coordinator, STATION_WORLD_WARD), 1);
    CHECK_EQUAL(station_coordinator_send_routed(&coordinator, &transfer), CORINTH_OK);
    CHECK_EQUAL(station_coordinator_pending(&coordinator, STATION_WORLD_HALL), 1);
    size_t sent = 9;
    CHECK_EQUAL(station_coordinator_send_batch(&coordinator, STATION_WORLD_TRAM, &transfer, 1,
                                               &sent), CORINTH_OK);
    CHECK_EQUAL(sent, 1);
    CHECK_EQUAL(station_coordinator_send_batch(&coordinator, 4, &transfer, 1, &sent),
                CORINTH_BAD_WORLD);
    CHECK_EQUAL(sent, 0);
    CHECK_EQUAL(station_coordinator_pending(&coordinator, STATION_WORLD_WARD), 2);
    station_coordinator_flush(&coordinator, STATION_WORLD_TRAM);
    station_coordinator_flush(&coordinator, 4);
    CHECK_EQUAL(station_coordinator_wait(&coordinator, STATION_WORLD_WARD, 0), CORINTH_OK);
    CHECK_EQUAL(station_coordinator_wait(&coordinator, STATION_WORLD_STORE, 0), CORINTH_TIMED_OUT);
    CHECK_EQUAL(station_coordinator_wait(&coordinator, 0, 0), CORINTH_BAD_WORLD);
    uint32_t key = station_coordinator_prepare_wait(&coordinator, STATION_WORLD_STORE);
    CHECK_EQUAL(station_coordinator_commit_wait(&coordinator, STATION_WORLD_STORE, key, 0),
                CORINTH_TIMED_OUT);
    CHECK_EQUAL(station_coordinator_commit_wait(&coordinator, 99, key, 0), CORINTH_BAD_WORLD);
    (void)station_coordinator_prepare_wait(&coordinator, STATION_WORLD_STORE);
    station_coordinator_cancel_wait(&coordinator, STATION_WORLD_STORE);
    CHECK_EQUAL(station_coordinator_receive(&coordinator, STATION_WORLD_HALL, &received),
                CORINTH_OK);
    CHECK_EQUAL(station_coordinator_receive(&coordinator, STATION_WORLD_HALL, &received),
                CORINTH_EMPTY);
    CHECK_EQUAL(station_coordinator_receive(&coordinator, STATION_WORLD_BUS, &received),
                CORINTH_EMPTY);
    CHECK_EQUAL(station_coordinator_receive(&coordinator, 13, &received), CORINTH_BAD_WORLD);
    station_transfer out[4];
    CHECK_EQUAL(station_coordinator_receive_batch(&coordinator, STATION_WORLD_WARD, out, 4), 2);
    CHECK_EQUAL(station_coordinator_receive_batch(&coordinator, 13, out, 4), 0);
    CHECK_EQUAL(station_coordinator_pending(&coordinator, 13), 0);
    station_coordinator_record_tick(&coordinator, STATION_WORLD_BUS, 5);
    station_coordinator_record_tick(&coordinator, 13, 5);
    CHECK_EQUAL(station_coordinator_stats(&coordinator).worlds[STATION_WORLD_BUS].ticks, 1);
}

int main(int argc, char **argv)
{
    check_begin(argc, argv, WATCHDOG_S);
    run_before_start();
    run_stamps();
    run_full();
    run_routes();
    run_batches();
    run_mixed_batch();
    run_by_world();
    return 0;
}
