/* Users that the tests of a running server make, as its first superuser. */
#ifndef CROFT_TESTS_APP_USERS_H
#define CROFT_TESTS_APP_USERS_H

#include <stdio.h>

#include "testing/client.h"

/* The status of the answer. */
static inline int create(struct server *server, const char *name)
{
	char body[128];
	snprintf(body, sizeof(body), "{'username':'%s','email':'%s@example.com'}", name, name);
	struct reply reply = client_ask(server, "POST", "/api/v1/users", body);
	int status = reply.status;
	reply_done(&reply);
	return status;
}

#endif
