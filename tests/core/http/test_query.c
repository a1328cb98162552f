/*
 * Parameters that nobody knows: refused by every operation in the document, whether it has parameters or not; taken by what is
 * a file, as caches need it.
 */
#include "support/rows.h"

#include <stdio.h>
#include <string.h>

#include "base/attr.h"
#include "support/client.h"
#include "support/program.h"
#include "support/server.h"

static struct server server;

struct question {
	const char *target, *accept;
	int status;
};

static void is_answered(void **state)
{
	static const char *const methods[] = { "GET", "HEAD" };
	const struct question *row = *state;
	char headers[64];
	snprintf(headers, sizeof(headers), "Accept: %s\r\nConnection: close\r\n", row->accept);
	for (size_t i = 0; i < COUNT_OF(methods); i++) {
		char text[256];
		struct reply reply;
		int fd = client_open(&server);
		snprintf(text, sizeof(text), "%s %s HTTP/1.1\r\nHost: a\r\n%s\r\n", methods[i],
			 row->target, headers);
		client_send(fd, text, strlen(text));
		client_read(fd, i == 1, &reply);
		assert_true(client_sees_close(fd));
		if (reply.status != row->status)
			fail_msg("%s %s: %d, not %d: %s", methods[i], row->target, reply.status,
				 row->status, reply.body);
		if (row->status == 422 && i == 0)
			text_assert_has(reply.body, "{\"type\":\"extra_forbidden\",\"loc\":["
						    "\"query\",\"zzz\"]");
		reply_done(&reply);
	}
}

#define ASK(what, status) \
	ROW_OF("GET and HEAD " what, is_answered, (&(struct question){ what, "*/*", status }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		ASK("/", 200),
		ASK("/?", 200),
		ASK("/?zzz=1", 422),
		ASK("/?zzz", 422),
		ROW_OF("the front page is the same operation for browsers", is_answered,
		       (&(struct question){ "/?zzz=1", "text/html", 422 })),
		ASK("/version?zzz=1", 422),
		ASK("/health/live?zzz=1", 422),
		ASK("/health/ready?zzz=1", 422),
		ASK("/health/live/?zzz=1", 307),
		ASK("/croft.css?v=2", 200),
		ASK("/favicon.svg?zzz=1", 200),
		ASK("/index.html?zzz=1", 200),
		ASK("/docs?zzz=1", 200),
		ASK("/redoc?zzz=1", 200),
		ASK("/openapi.json?v=2", 200),
		ASK("/api/v1/openapi.json?v=2", 200),
		ASK("/nowhere?zzz=1", 404),
	};
	server_start(&server, NULL);
	int failed = rows_run("core/http/query", rows, COUNT_OF(rows));
	server_end(&server);
	return failed;
}
