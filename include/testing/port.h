/* A TCP port of loopback that stays the test program's own while its server is down. */
#ifndef CROFT_TESTING_PORT_H
#define CROFT_TESTING_PORT_H

int port_free(void);

#endif
