/* Lists of slots, linked by index. All lists of one slot_links share its links, so that a slot is
 * in at most one of them; putting it at the end of one takes it out of the other. */
#ifndef HTTP_SERVER_SLOT_LIST_H
#define HTTP_SERVER_SLOT_LIST_H

#include <stdbool.h>
#include <stdint.h>

#define SLOT_NONE UINT32_MAX

typedef struct slot_link {
    uint32_t previous;
    uint32_t next;
} slot_link;

/* links[slot] for each slot, then links[slots + list] as the head of each list. */
typedef struct slot_links {
    slot_link *links;
    uint32_t slots;
    uint32_t lists;
} slot_links;

/* False when there is no memory. */
bool slot_links_init(slot_links *links, uint32_t slots, uint32_t lists);
void slot_links_deinit(slot_links *links);

void slot_list_append(slot_links *links, uint32_t list, uint32_t slot);

/* Does nothing when the slot is in no list. */
void slot_list_remove(slot_links *links, uint32_t slot);

/* SLOT_NONE when the list is empty. */
uint32_t slot_list_first(const slot_links *links, uint32_t list);

#endif
