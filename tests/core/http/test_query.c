/*
 * Parameters that nobody knows: refused by every operation in the document, whether it has
 * parameters or not; taken by what is a file, as caches need it.
 */
#include "testing/rows.h"

#include <stdio.h>
#include <string.h>

#include "base/attr.h"
#include "testing/client.h"
#include "testing/json.h"
#include "testing/program.h"
#include "testing/server.h"

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
			assert_json_has(reply.body, "{'type':'extra_forbidden',"
						    "'loc':['query','zzz']");
		reply_done(&reply);
	}
}

/* Of "/users/{user_id}" one that is there. */
static void target_of(const char *pattern, char *out, size_t room)
{
	size_t len = 0;
	while (*pattern && len + 16 < room) {
		size_t plain = strcspn(pattern, "{");
		len += (size_t)snprintf(out + len, room - len, "%.*s%s", (int)plain, pattern,
					pattern[plain] ? "1" : "");
		pattern += plain;
		pattern += strcspn(pattern, "}");
		pattern += *pattern == '}';
	}
	snprintf(out + len, room - len, "?zzz=1");
}

static void every_route_refuses_it(void **state)
{
	(void)state;
	struct program p;
	int count = 0;
	server_sign_in(&server);
	program_open(&p);
	program(&p, "routes");
	program_assert_code(&p, 0);
	strtok(p.out, "\n");
	for (char *line = strtok(NULL, "\n"); line; line = strtok(NULL, "\n"), count++) {
		char method[16], pattern[256], target[300];
		struct reply reply;
		assert_int_equal(sscanf(line, "%15s %255s", method, pattern), 2);
		target_of(pattern, target, sizeof(target));
		bool form = strstr(pattern, "/auth/token") || strstr(pattern, "/auth/revoke") ||
			    strstr(pattern, "/auth/introspect");
		bool body = strcmp(method, "POST") == 0 || strcmp(method, "PATCH") == 0;
		client_call(
			&server,
			&(struct request){ .method = method,
					   .target = target,
					   .token = server.token,
					   .body = form   ? "username=a&password=b"
						   : body ? "{}"
							  : NULL,
					   .headers = form ? "Content-Type: application/x-www-form-"
							     "urlencoded\r\n"
							   : NULL },
			&reply);
		if (reply.status != 422 || !json_has(reply.body, "'loc':['query','zzz']"))
			fail_msg("%s %s: %d %s", method, target, reply.status, reply.body);
		reply_done(&reply);
	}
	assert_true(count > 20);
	program_close(&p);
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
		ROW("every route of the program refuses an unknown parameter",
		    every_route_refuses_it),
	};
	server_start(&server, NULL);
	int failed = rows_run("core/http/query", rows, COUNT_OF(rows));
	server_end(&server);
	return failed;
}
