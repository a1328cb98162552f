/*
 * What systemd, or who does as it does, is told about this service (sd_notify(3)), and the socket
 * that it hands on (sd_listen_fds(3)). Nothing without its variables.
 */
#ifndef CROFT_SRC_APP_SUPERVISOR_H
#define CROFT_SRC_APP_SUPERVISOR_H

#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"

struct ctx;
struct http_options;

/* We are ending and may take that long, whatever TimeoutStopSec= says. */
void supervisor_stopping(int64_t seconds);
/*
 * Has the options name the socket that was handed on, with its address, if there is one.
 * APP_INVALID when it is none that a server could listen on. Once: it is nobody's but the
 * caller's.
 */
enum app_err supervisor_listener(struct ctx *c, struct http_options *options) MUST_USE;

#endif
