/* What systemd is told about this service (sd_notify(3)); nothing without $NOTIFY_SOCKET. */
#ifndef CROFT_SRC_APP_SUPERVISOR_H
#define CROFT_SRC_APP_SUPERVISOR_H

#include <stdint.h>

/* We are ending and may take that long, whatever TimeoutStopSec= says. */
void supervisor_stopping(int64_t seconds);

#endif
