/* How the server learns that it shall end. The signals are blocked in all threads; the main thread
 * takes them and rings each world that has to know, so that no world depends on another to hear of
 * it, and a second signal is told from the first. */
#ifndef HTTP_SERVER_ENDING_H
#define HTTP_SERVER_ENDING_H

#include <stdbool.h>

typedef struct ending {
    int signals_fd;
    int accept_fd; /* an eventfd; readable once the server shall end */
    int io_fd;     /* likewise; it holds how many signals came since it was read */
    int over_fd;   /* io rings it when it has ended everything */
} ending;

/* Blocks SIGTERM, SIGINT, SIGHUP and SIGQUIT in this thread and all that it starts. False, with a
 * message, when there are no descriptors. */
bool ending_init(ending *end);
void ending_deinit(ending *end);

/* The main thread stays here until io has called ending_is_over. */
void ending_relay(const ending *end);
void ending_is_over(const ending *end);

#endif
