/*
 * Goal: every status that a call of a port can return, each for its own reason and nothing else;
 * the transfer's target decides, its source never does.
 * Method: the calls one by one in one thread, on worlds with gaps between their ids, of which some
 * only send and some only receive.
 */
#include "mixed_ports.h"

#define WATCHDOG_S 20
#define UNDEFINED_BIT 4 /* free between the components' bits */

static corinth_status send_to(mixed_world target)
{
    mixed_transfer transfer = new_transfer(1, target);
    mixed_transfer before = transfer;
    corinth_status status = mixed_heavy_send(heavy, &transfer);
    CHECK_EQUAL(memcmp(&before, &transfer, sizeof(before)), 0);
    return status;
}

/* What is wrong with a transfer is reported whether or not the coordinator runs. */
static void check_wrong_transfers(void)
{
    static const mixed_world no_worlds[] = {0, 1, 4, 7, 10, 13, 63, 64, 128, 254, 255};
    for (size_t i = 0; i < sizeof(no_worlds) / sizeof(no_worlds[0]); i++) {
        CHECK_EQUAL(send_to(no_worlds[i]), CORINTH_BAD_WORLD);
    }
    CHECK_EQUAL(send_to(MIXED_WORLD_HEAVY), CORINTH_NO_LANE);
    CHECK_EQUAL(send_to(MIXED_WORLD_LIGHT), CORINTH_NO_LANE);
    CHECK_EQUAL(send_to(MIXED_WORLD_MEDIUM), CORINTH_NO_LANE);
    mixed_transfer transfer = new_transfer(1, MIXED_WORLD_POOL);
    transfer.mask |= 1u << UNDEFINED_BIT;
    CHECK_EQUAL(mixed_heavy_send(heavy, &transfer), CORINTH_BAD_TRANSFER);
    CHECK_EQUAL(mixed_heavy_send_routed(heavy, &transfer), CORINTH_BAD_TRANSFER);
    CHECK_EQUAL(mixed_heavy_to_pool_send(heavy, &transfer), CORINTH_BAD_TRANSFER);
    transfer = new_transfer(1, MIXED_WORLD_HUB);
    CHECK_EQUAL(mixed_light_send_routed(light, &transfer), CORINTH_NO_ROUTE);
    CHECK_EQUAL(mixed_hub_send_routed(hub, &transfer), CORINTH_NO_ROUTE);
    CHECK_EQUAL(mixed_coordinator_total_pending(&coordinator), 0);
}

static void check_stopped(void)
{
    mixed_transfer transfers[2] = {new_transfer(1, MIXED_WORLD_POOL),
                                   new_transfer(2, MIXED_WORLD_HUB)};
    size_t sent = 7;
    mixed_heavy_to_pool_claim claim;
    CHECK_EQUAL(send_to(MIXED_WORLD_POOL), CORINTH_STOPPED);
    CHECK_EQUAL(mixed_heavy_send_routed(heavy, &transfers[0]), CORINTH_STOPPED);
    CHECK_EQUAL(mixed_heavy_to_pool_send(heavy, &transfers[0]), CORINTH_STOPPED);
    CHECK_EQUAL(mixed_heavy_send_batch(heavy, transfers, 2, &sent), CORINTH_STOPPED);
    CHECK_EQUAL(sent, 0);
    CHECK_EQUAL(mixed_heavy_to_pool_reserve(heavy, 4, &claim), 0);
    CHECK_EQUAL(claim.status, CORINTH_STOPPED);
    CHECK_EQUAL(claim.count, 0);
    mixed_heavy_to_pool_commit(heavy, &claim, 0);
    mixed_medium_to_hub_claim urgent;
    CHECK_EQUAL(mixed_medium_to_hub_reserve_priority(medium, 4, &urgent), 0);
    CHECK_EQUAL(urgent.status, CORINTH_STOPPED);
    CHECK_EQUAL(stats_of(MIXED_HEAVY_TO_POOL_INDEX).full, 0);
    CHECK_EQUAL(mixed_coordinator_total_pending(&coordinator), 0);
}

static void run_before_start(void)
{
    check_case("before start and after stop: STOPPED, or what is wrong anyway");
    open_coordinator();
    CHECK(!mixed_coordinator_is_running(&coordinator));
    check_stopped();
    check_wrong_transfers();
    CHECK_EQUAL(mixed_coordinator_start(&coordinator), CORINTH_OK);
    CHECK(mixed_coordinator_is_running(&coordinator));
    check_wrong_transfers();
    CHECK_EQUAL(mixed_coordinator_stop(&coordinator), CORINTH_OK);
    CHECK(!mixed_coordinator_is_running(&coordinator));
    check_stopped();
    check_wrong_transfers();
}

static void run_stamps(void)
{
    check_case("the world that sends is the source, whatever the transfer says");
    start_coordinator();
    mixed_transfer received;
    mixed_transfer transfer = new_transfer(5, MIXED_WORLD_HUB);
    transfer.source = MIXED_WORLD_MEDIUM;
    CHECK_EQUAL(mixed_light_send(light, &transfer), CORINTH_OK);
    CHECK_EQUAL(stats_of(MIXED_LIGHT_TO_HUB_INDEX).sent, 1);
    CHECK_EQUAL(stats_of(MIXED_MEDIUM_TO_HUB_INDEX).sent, 0);
    CHECK_EQUAL(mixed_hub_receive(hub, &received), CORINTH_OK);
    CHECK_EQUAL(received.source, MIXED_WORLD_LIGHT);
    CHECK_EQUAL(received.target, MIXED_WORLD_HUB);
    /* What was received is forwarded as it is: the world that forwards it is its source now. */
    mixed_transfer_pack_onward(&received);
    CHECK_EQUAL(mixed_hub_send_routed(hub, &received), CORINTH_OK);
    CHECK_EQUAL(received.source, MIXED_WORLD_LIGHT);
    CHECK_EQUAL(received.target, MIXED_WORLD_HUB);
    CHECK_EQUAL(mixed_sink_receive(sink, &received), CORINTH_OK);
    CHECK_EQUAL(received.source, MIXED_WORLD_HUB);
    CHECK_EQUAL(received.target, MIXED_WORLD_SINK);
    CHECK_EQUAL(received.entity, 5);
    /* A lane's own send takes its target from the lane, and in place both ends are the lane's. */
    transfer.target = MIXED_WORLD_HUB;
    CHECK_EQUAL(mixed_light_to_pool_send(light, &transfer), CORINTH_OK);
    CHECK_EQUAL(mixed_pool_receive(pool[0], &received), CORINTH_OK);
    CHECK_EQUAL(received.source, MIXED_WORLD_LIGHT);
    CHECK_EQUAL(received.target, MIXED_WORLD_POOL);
    mixed_light_to_pool_claim claim;
    CHECK_EQUAL(mixed_light_to_pool_reserve(light, 2, &claim), 2);
    received.source = 200;
    mixed_light_to_pool_place(&claim, 0, &transfer);
    mixed_light_to_pool_place(&claim, 1, &received);
    mixed_light_to_pool_commit(light, &claim, 2);
    for (int i = 0; i < 2; i++) {
        CHECK_EQUAL(mixed_pool_receive(pool[1], &received), CORINTH_OK);
        CHECK_EQUAL(received.source, MIXED_WORLD_LIGHT);
        CHECK_EQUAL(received.target, MIXED_WORLD_POOL);
    }
}

static void run_full(void)
{
    check_case("FULL when there is no slot, until one is released");
    start_coordinator();
    mixed_transfer received;
    for (int i = 0; i < MIXED_HEAVY_TO_POOL_CAPACITY; i++) {
        CHECK_EQUAL(send_to(MIXED_WORLD_POOL), CORINTH_OK);
    }
    CHECK_EQUAL(send_to(MIXED_WORLD_POOL), CORINTH_FULL);
    CHECK_EQUAL(send_to(MIXED_WORLD_SINK), CORINTH_OK);
    CHECK_EQUAL(mixed_pool_receive(pool[2], &received), CORINTH_OK);
    CHECK_EQUAL(send_to(MIXED_WORLD_POOL), CORINTH_OK);
    CHECK_EQUAL(send_to(MIXED_WORLD_POOL), CORINTH_FULL);
    CHECK_EQUAL(stats_of(MIXED_HEAVY_TO_POOL_INDEX).full, 2);
}

/* What the routing of heavy says of `mask`, and where send_routed delivers. */
static void check_route(mixed_mask mask, mixed_world target)
{
    CHECK_EQUAL(mixed_route_target(MIXED_WORLD_HEAVY, mask), target);
    mixed_transfer transfer = new_transfer(1, MIXED_WORLD_MEDIUM);
    transfer.mask = (uint16_t)mask;
    mixed_transfer before = transfer;
    CHECK_EQUAL(mixed_heavy_send_routed(heavy, &transfer), CORINTH_OK);
    CHECK_EQUAL(memcmp(&before, &transfer, sizeof(before)), 0);
    CHECK_EQUAL(mixed_coordinator_pending(&coordinator, target), 1);
    CHECK_EQUAL(mixed_coordinator_total_pending(&coordinator), 1);
    mixed_transfer received;
    CHECK_EQUAL(mixed_coordinator_receive(&coordinator, target, &received), CORINTH_OK);
    CHECK_EQUAL(received.target, target);
    CHECK_EQUAL(received.mask, mask);
}

static void run_routes(void)
{
    check_case("of the rules that match the last one wins");
    start_coordinator();
    mixed_mask none = mixed_mask_none();
    check_route(none, MIXED_WORLD_POOL);
    check_route(MIXED_ITEM_MASK, MIXED_WORLD_POOL);
    check_route(MIXED_TO_SINK_MASK, MIXED_WORLD_SINK);
    check_route(MIXED_TO_HUB_MASK, MIXED_WORLD_HUB);
    check_route(MIXED_ONWARD_MASK, MIXED_WORLD_SINK);
    check_route(MIXED_TO_SINK_MASK | MIXED_TO_HUB_MASK, MIXED_WORLD_HUB);
    check_route(MIXED_TO_HUB_MASK | MIXED_ONWARD_MASK, MIXED_WORLD_SINK);
    check_route(mixed_mask_all(), MIXED_WORLD_SINK);
    CHECK_EQUAL(mixed_route_target(MIXED_WORLD_HUB, MIXED_ONWARD_MASK), MIXED_WORLD_SINK);
    CHECK_EQUAL(mixed_route_target(MIXED_WORLD_HUB, MIXED_TO_HUB_MASK), MIXED_ROUTE_NONE);
    CHECK_EQUAL(mixed_route_target(MIXED_WORLD_LIGHT, mixed_mask_all()), MIXED_ROUTE_NONE);
    CHECK_EQUAL(mixed_route_target(MIXED_WORLD_SINK, mixed_mask_all()), MIXED_ROUTE_NONE);
    CHECK_EQUAL(mixed_route_target(4, none), MIXED_ROUTE_NONE);
    CHECK_EQUAL(mixed_route_target(MIXED_ROUTE_NONE, none), MIXED_ROUTE_NONE);
}

static void check_batch(mixed_transfer *transfers, size_t count, size_t moved,
                        corinth_status status)
{
    size_t sent = 99;
    uint64_t pending = mixed_coordinator_total_pending(&coordinator);
    CHECK_EQUAL(mixed_heavy_send_batch(heavy, transfers, count, &sent), status);
    CHECK_EQUAL(sent, moved);
    CHECK_EQUAL(mixed_coordinator_total_pending(&coordinator), pending + moved);
}

static void run_batches(void)
{
    check_case("of a batch the first ones moved, and the status is the next one's");
    start_coordinator();
    mixed_transfer transfers[24];
    check_batch(transfers, 0, 0, CORINTH_OK);
    for (uint64_t i = 0; i < 24; i++) {
        transfers[i] = new_transfer(i, i % 4 == 3 ? MIXED_WORLD_SINK : MIXED_WORLD_HUB);
    }
    check_batch(transfers, 8, 8, CORINTH_OK);
    transfers[2].target = 4;
    check_batch(transfers, 8, 2, CORINTH_BAD_WORLD);
    transfers[2].target = MIXED_WORLD_MEDIUM;
    check_batch(transfers, 8, 2, CORINTH_NO_LANE);
    transfers[2].target = MIXED_WORLD_HUB;
    transfers[1].mask = UINT16_C(1) << UNDEFINED_BIT;
    check_batch(transfers, 8, 1, CORINTH_BAD_TRANSFER);
    check_batch(&transfers[1], 4, 0, CORINTH_BAD_TRANSFER);
    transfers[1].mask = 0;
    /* 11 are in the lane to hub, of 16: number 4, 5, 6, 8 and 9 fit, and no. 7 is another's. */
    check_batch(&transfers[4], 20, 6, CORINTH_FULL);
    mixed_transfer received;
    for (uint64_t i = 0; i < 16; i++) {
        static const uint64_t order[] = {0, 1, 2, 4, 5, 6, 0, 1, 0, 1, 0, 4, 5, 6, 8, 9};
        CHECK_EQUAL(mixed_hub_receive(hub, &received), CORINTH_OK);
        CHECK_EQUAL(received.entity, order[i]);
        CHECK_EQUAL(received.source, MIXED_WORLD_HEAVY);
    }
    CHECK_EQUAL(mixed_hub_receive(hub, &received), CORINTH_EMPTY);
    /* The lane's end is passed in the middle of a batch. */
    for (uint64_t i = 0; i < 24; i++) {
        transfers[i].target = MIXED_WORLD_HUB;
    }
    check_batch(transfers, 16, 16, CORINTH_OK);
    check_batch(transfers, 1, 0, CORINTH_FULL);
    CHECK_EQUAL(mixed_coordinator_stop(&coordinator), CORINTH_OK);
    check_batch(transfers, 1, 0, CORINTH_STOPPED);
    CHECK_EQUAL(mixed_hub_receive_batch(hub, transfers, 24), 16);
    CHECK_EQUAL(transfers[15].entity, 15);
}

/* The lane to hub ends after 16 slots; priority parts a batch into runs of one class. */
static void run_mixed_batch(void)
{
    check_case("a batch of both classes keeps the order of each");
    start_coordinator();
    mixed_transfer transfers[12];
    for (uint64_t i = 0; i < 12; i++) {
        transfers[i] = new_transfer(i, MIXED_WORLD_HUB);
        transfers[i].flags = i % 3 == 0 ? MIXED_TRANSFER_PRIORITY : 0;
    }
    size_t sent = 0;
    CHECK_EQUAL(mixed_medium_send_batch(medium, transfers, 12, &sent), CORINTH_OK);
    CHECK_EQUAL(sent, 12);
    static const uint64_t order[] = {0, 3, 1, 6, 9, 2, 4, 5, 7, 8, 10, 11};
    for (size_t i = 0; i < 12; i++) {
        CHECK_EQUAL(mixed_hub_receive(hub, &transfers[0]), CORINTH_OK);
        CHECK_EQUAL(transfers[0].entity, order[i]);
    }
}

static void run_by_world(void)
{
    check_case("the same calls for a world that is named at run time");
    start_coordinator();
    mixed_transfer transfer = new_transfer(1, MIXED_WORLD_HUB);
    mixed_transfer received;
    CHECK_EQUAL(mixed_coordinator_send(&coordinator, &transfer), CORINTH_BAD_WORLD);
    CHECK_EQUAL(mixed_coordinator_send_routed(&coordinator, &transfer), CORINTH_BAD_WORLD);
    transfer.source = MIXED_WORLD_SINK;
    CHECK_EQUAL(mixed_coordinator_send(&coordinator, &transfer), CORINTH_NO_LANE);
    CHECK_EQUAL(mixed_coordinator_send_routed(&coordinator, &transfer), CORINTH_NO_LANE);
    transfer.source = MIXED_WORLD_HEAVY;
    CHECK_EQUAL(mixed_coordinator_send(&coordinator, &transfer), CORINTH_OK);
    CHECK_EQUAL(mixed_coordinator_pending(&coordinator, MIXED_WORLD_HUB), 1);
    CHECK_EQUAL(mixed_coordinator_send_routed(&coordinator, &transfer), CORINTH_OK);
    CHECK_EQUAL(mixed_coordinator_pending(&coordinator, MIXED_WORLD_POOL), 1);
    size_t sent = 9;
    CHECK_EQUAL(mixed_coordinator_send_batch(&coordinator, MIXED_WORLD_LIGHT, &transfer, 1,
                                             &sent), CORINTH_OK);
    CHECK_EQUAL(sent, 1);
    CHECK_EQUAL(mixed_coordinator_send_batch(&coordinator, 4, &transfer, 1, &sent),
                CORINTH_BAD_WORLD);
    CHECK_EQUAL(sent, 0);
    CHECK_EQUAL(mixed_coordinator_pending(&coordinator, MIXED_WORLD_HUB), 2);
    CHECK_EQUAL(mixed_coordinator_is_ready(&coordinator, MIXED_WORLD_LIGHT), false);
    CHECK_EQUAL(mixed_coordinator_is_ready(&coordinator, 4), false);
    CHECK_EQUAL(mixed_coordinator_wait(&coordinator, MIXED_WORLD_HUB, 0), CORINTH_OK);
    CHECK_EQUAL(mixed_coordinator_wait(&coordinator, MIXED_WORLD_SINK, 0), CORINTH_TIMED_OUT);
    CHECK_EQUAL(mixed_coordinator_wait(&coordinator, 0, 0), CORINTH_BAD_WORLD);
    uint32_t key = mixed_coordinator_prepare_wait(&coordinator, MIXED_WORLD_SINK);
    CHECK_EQUAL(mixed_coordinator_commit_wait(&coordinator, MIXED_WORLD_SINK, key, 0),
                CORINTH_TIMED_OUT);
    CHECK_EQUAL(mixed_coordinator_commit_wait(&coordinator, 99, key, 0), CORINTH_BAD_WORLD);
    (void)mixed_coordinator_prepare_wait(&coordinator, MIXED_WORLD_SINK);
    mixed_coordinator_cancel_wait(&coordinator, MIXED_WORLD_SINK);
    CHECK_EQUAL(mixed_coordinator_receive(&coordinator, MIXED_WORLD_POOL, &received),
                CORINTH_OK);
    CHECK_EQUAL(mixed_coordinator_receive(&coordinator, MIXED_WORLD_POOL, &received),
                CORINTH_EMPTY);
    CHECK_EQUAL(mixed_coordinator_receive(&coordinator, MIXED_WORLD_MEDIUM, &received),
                CORINTH_EMPTY);
    CHECK_EQUAL(mixed_coordinator_receive(&coordinator, 13, &received), CORINTH_BAD_WORLD);
    mixed_transfer out[4];
    CHECK_EQUAL(mixed_coordinator_receive_batch(&coordinator, MIXED_WORLD_HUB, out, 4), 2);
    CHECK_EQUAL(mixed_coordinator_receive_batch(&coordinator, 13, out, 4), 0);
    CHECK_EQUAL(mixed_coordinator_pending(&coordinator, 13), 0);
    mixed_coordinator_record_tick(&coordinator, MIXED_WORLD_MEDIUM, 5);
    mixed_coordinator_record_tick(&coordinator, 13, 5);
    CHECK_EQUAL(mixed_coordinator_stats(&coordinator).worlds[MIXED_WORLD_MEDIUM].ticks, 1);
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
