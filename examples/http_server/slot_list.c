#include "slot_list.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>

bool slot_links_init(slot_links *links, uint32_t slots, uint32_t lists)
{
    assert(slots < SLOT_NONE - lists);
    *links = (slot_links){.slots = slots, .lists = lists};
    links->links = calloc((size_t)slots + lists, sizeof *links->links);
    if (links->links == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < slots + lists; i++) {
        links->links[i] = (slot_link){i, i};
    }
    return true;
}

void slot_links_deinit(slot_links *links)
{
    free(links->links);
    *links = (slot_links){0};
}

void slot_list_remove(slot_links *links, uint32_t slot)
{
    assert(slot < links->slots);
    slot_link *link = &links->links[slot];
    links->links[link->previous].next = link->next;
    links->links[link->next].previous = link->previous;
    *link = (slot_link){slot, slot};
}

void slot_list_append(slot_links *links, uint32_t list, uint32_t slot)
{
    assert(list < links->lists);
    slot_list_remove(links, slot);
    uint32_t head = links->slots + list;
    uint32_t last = links->links[head].previous;
    links->links[slot] = (slot_link){.previous = last, .next = head};
    links->links[last].next = slot;
    links->links[head].previous = slot;
}

uint32_t slot_list_first(const slot_links *links, uint32_t list)
{
    assert(list < links->lists);
    uint32_t first = links->links[links->slots + list].next;
    return first < links->slots ? first : SLOT_NONE;
}
