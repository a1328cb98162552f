/*
 * Answers that are given later, after server.refused_pause_ms: see hold.c for why. Private to
 * core/http.
 */
#ifndef CROFT_SRC_CORE_HTTP_HOLD_H
#define CROFT_SRC_CORE_HTTP_HOLD_H

#include <stdbool.h>
#include <stdint.h>

struct http_exchange;
struct holds;

/*
 * Starts the thread that ends them; ends the process when there is none to be had. 0: nothing is
 * held.
 */
struct holds *holds_new(int64_t each_ms);
/* Ends all and takes no more; what was taken is resumed soon after. */
void holds_stop(struct holds *holds);
/* The same, and waits for that. */
void holds_drop(struct holds *holds);

/*
 * Takes an exchange whose connection is suspended; wire_resume_held() is called when its time is
 * up, which may be before this returns. False: it was not taken.
 */
bool holds_add(struct holds *holds, struct http_exchange *x);

#endif
