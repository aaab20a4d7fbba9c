/*
 * ledger.h - who sent what and where it went, for the scenarios of coordinators.
 *
 * A transfer carries a number that says who sent it and as which of its sends: sender s sends
 * 10 * s + 1, 10 * s + 2 and so on. Each thread has a page of its own; thread 0 has one for what it
 * drains, and compares them all when everybody has ended.
 */
#ifndef EXPLORER_SCENARIOS_LEDGER_H
#define EXPLORER_SCENARIOS_LEDGER_H

#include "explorer.h"

#define LEDGER_PAGES 2u
#define LEDGER_ROWS 8u

typedef struct ledger_page {
    unsigned rows;
    uint32_t number[LEDGER_ROWS];
} ledger_page;

static ledger_page sent[LEDGER_PAGES];     /* of each sender: what send called OK */
static ledger_page received[LEDGER_PAGES]; /* of each receiver */
static ledger_page drained;

static inline uint32_t ledger_number(uint32_t sender, uint32_t item)
{
    return 10 * sender + item;
}

static inline void ledger_clear(void)
{
    for (unsigned i = 0; i < LEDGER_PAGES; i++) {
        sent[i].rows = 0;
        received[i].rows = 0;
    }
    drained.rows = 0;
}

/* Notes a number; of one sender's they grow. */
static inline void ledger_add(ledger_page *page, uint32_t number)
{
    explorer_check(page->rows < LEDGER_ROWS, "the page has room");
    for (unsigned row = 0; row < page->rows; row++) {
        bool is_same_sender = page->number[row] / 10 == number / 10;
        explorer_check(!is_same_sender || page->number[row] < number, "in the order of sending");
    }
    page->number[page->rows++] = number;
}

static inline unsigned ledger_count(const ledger_page *page, uint32_t number)
{
    unsigned count = 0;
    for (unsigned row = 0; row < page->rows; row++) {
        count += page->number[row] == number ? 1u : 0u;
    }
    return count;
}

static inline unsigned ledger_rows(const ledger_page pages[LEDGER_PAGES])
{
    unsigned rows = 0;
    for (unsigned i = 0; i < LEDGER_PAGES; i++) {
        rows += pages[i].rows;
    }
    return rows;
}

/* Whatever was received of the number's sender was sent before it. */
static inline void ledger_check_left(uint32_t number)
{
    for (unsigned i = 0; i < LEDGER_PAGES; i++) {
        for (unsigned row = 0; row < received[i].rows; row++) {
            uint32_t other = received[i].number[row];
            explorer_check(other / 10 != number / 10 || other < number, "the last ones are left");
        }
    }
}

/* What was sent was received or drained, once, and nothing else was. */
static inline void ledger_check(void)
{
    for (unsigned i = 0; i < LEDGER_PAGES; i++) {
        for (unsigned row = 0; row < sent[i].rows; row++) {
            uint32_t number = sent[i].number[row];
            unsigned count = ledger_count(&drained, number);
            for (unsigned j = 0; j < LEDGER_PAGES; j++) {
                count += ledger_count(&received[j], number);
            }
            explorer_check(count == 1, "what was sent arrives once");
        }
    }
    for (unsigned row = 0; row < drained.rows; row++) {
        ledger_check_left(drained.number[row]);
    }
    explorer_check(ledger_rows(received) + drained.rows == ledger_rows(sent), "and nothing else");
}

#endif
