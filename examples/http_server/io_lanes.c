#include "io_lanes.h"

#include "session.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WAITING_LIST };

/* A credit is a free slot on the way back. A sender keeps within its credits, so that the receiver
 * always finds room for its answer. With one slot, nothing could ever move. */
enum { REQUEST_CREDITS = SERVER_COMPUTE_TO_IO_CAPACITY };
static_assert(REQUEST_CREDITS >= 1, "a request needs room for its answer");

static void fill_request(server_io_to_compute_transfer *slot, const connection *c)
{
    const http_request *request = &c->parser.request;
    slot->entity = c->slot;
    slot->generation = c->generation;
    server_request *sent = server_transfer_add_request(slot);
    sent->method = request->method;
    sent->path_len = request->path_len;
    sent->body_len = request->body_len;
    memcpy(sent->path, request->path, request->path_len);
    memcpy(sent->body, request->body, request->body_len);
}

/* Sends what waits, oldest first, as far as there is room. What is left waits for an answer, which
 * must come: there is no room only while requests are away. */
static void send_waiting(io_world *io)
{
    for (uint32_t slot; (slot = slot_list_first(&io->waiting, WAITING_LIST)) != SLOT_NONE;) {
        server_io_to_compute_claim claim;
        if (io->outstanding == REQUEST_CREDITS ||
            server_io_to_compute_reserve(io->port, 1, &claim) == 0) {
            assert(io->outstanding > 0);
            return;
        }
        connection *c = &io->clients.connections[slot];
        assert(c->state == CONNECTION_WAITING);
        fill_request(&claim.slots[0], c);
        server_io_to_compute_commit(io->port, &claim, 1);
        slot_list_remove(&io->waiting, slot);
        c->state = CONNECTION_COMPUTING;
        io->outstanding++;
        io->counters.requests++;
    }
}

void io_lanes_submit(io_world *io, connection *c)
{
    c->state = CONNECTION_WAITING;
    slot_list_append(&io->waiting, WAITING_LIST, c->slot);
    send_waiting(io);
    if (c->state == CONNECTION_WAITING) {
        io->counters.waits++;
    }
}

void io_lanes_withdraw(io_world *io, connection *c)
{
    slot_list_remove(&io->waiting, c->slot);
}

static uint32_t take_answers(io_world *io)
{
    server_compute_to_io_batch ready;
    uint32_t got = (uint32_t)server_compute_to_io_peek(io->port, LIMIT_BATCH, &ready);
    if (got == 0) {
        return 0;
    }
    for (uint32_t i = 0; i < got; i++) {
        const server_compute_to_io_transfer *transfer = &ready.slots[i];
        const server_response *answer = server_transfer_unpack_response(transfer);
        assert(answer != NULL);
        connection *c = table_find(&io->clients, transfer->entity, transfer->generation);
        if (c == NULL) {
            io->counters.stale_answers++;
        } else {
            session_answer(io, c, answer);
        }
    }
    /* The credits come back after the slots are free, never before. */
    server_compute_to_io_release(io->port, &ready, got);
    assert(io->outstanding >= got);
    io->outstanding -= got;
    io->counters.answers += got;
    send_waiting(io);
    return got;
}

/* Tells accept that these have a place. It keeps within its credits, so that there is room. */
static void adopt(io_world *io, const corinth_entity *entities, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        server_io_to_accept_claim claim;
        if (server_io_to_accept_reserve(io->port, 1, &claim) == 0) {
            fprintf(stderr, "http_server: no room to answer accept: its credits are wrong\n");
            abort();
        }
        claim.slots[0].entity = entities[i];
        server_transfer_pack_adopted(&claim.slots[0]);
        server_io_to_accept_commit(io->port, &claim, 1);
    }
}

/* Takes as many connections as have a place; the others stay in the lane, and once that is full
 * accept stops accepting, and once the kernel's backlog is full clients wait. */
static uint32_t take_connections(io_world *io)
{
    uint32_t places = io->clients.free_count;
    uint32_t wanted = places < LIMIT_BATCH ? places : LIMIT_BATCH;
    server_accept_to_io_batch ready;
    if (wanted == 0) {
        return 0;
    }
    uint32_t got = (uint32_t)server_accept_to_io_peek(io->port, wanted, &ready);
    if (got == 0) {
        return 0;
    }
    corinth_entity entities[LIMIT_BATCH];
    for (uint32_t i = 0; i < got; i++) {
        const server_accept_to_io_transfer *transfer = &ready.slots[i];
        entities[i] = transfer->entity;
        if (server_transfer_has_drained(transfer)) {
            io->has_accept_drained = true;
        } else {
            session_open(io, server_transfer_unpack_connection(transfer)->fd);
        }
    }
    server_accept_to_io_release(io->port, &ready, got);
    adopt(io, entities, got);
    return got;
}

uint32_t io_lanes_kept_waiting(io_world *io)
{
    server_accept_to_io_batch ready;
    if (io->clients.free_count > 0) {
        return 0;
    }
    size_t found = server_accept_to_io_peek(io->port, LIMIT_BATCH, &ready);
    if (found > 0) {
        server_accept_to_io_release(io->port, &ready, 0);
    }
    return (uint32_t)found;
}

uint32_t io_lanes_take(io_world *io)
{
    uint32_t taken = take_answers(io);
    return taken + take_connections(io);
}
