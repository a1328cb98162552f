/* A server that wants to be asked by its names. */
#include "testing/rows.h"

#include <stdio.h>
#include <string.h>

#include "testing/client.h"
#include "testing/json.h"
#include "testing/server.h"

static struct server server;

struct host_row {
	const char *request, *host;
	int status;
};

static void is_answered(void **state)
{
	const struct host_row *row = *state;
	char text[512];
	struct reply reply;
	snprintf(text, sizeof(text),
		 "%s HTTP/1.1\r\nHost: %s\r\nOrigin: https://app.example\r\n\r\n", row->request,
		 row->host);
	client_raw(&server, text, strlen(text), &reply);
	assert_int_equal(reply.status, row->status);
	const char *origin = reply_header(&reply, "Access-Control-Allow-Origin");
	assert_non_null(origin);
	assert_string_equal(origin, "https://app.example");
	bool is_of_target = strstr(row->request, "://") != NULL;
	if (row->status == 400)
		assert_json_has(reply.body,
				is_of_target
					? "{'detail':'The request target names no host of this "
					  "server','code':'bad_request','request_id':'"
					: "{'detail':'The Host header names no host of this "
					  "server','code':'bad_request','request_id':'");
	reply_done(&reply);
}

static void a_page_of_elsewhere_gets_no_leave(void **state)
{
	static const char text[] = "OPTIONS /api/v1/posts HTTP/1.1\r\nHost: evil.example\r\n"
				   "Origin: https://app.example\r\n"
				   "Access-Control-Request-Method: POST\r\n\r\n";
	(void)state;
	struct reply reply;
	client_raw(&server, text, strlen(text), &reply);
	assert_int_equal(reply.status, 400);
	assert_null(reply_header(&reply, "Access-Control-Allow-Methods"));
	reply_done(&reply);
}

static int start(void **state)
{
	(void)state;
	server_start(&server,
		     (const char *const[]){ "server.trusted_hosts=api.example "
					    "*.example.org [::1]",
					    "server.cors_origins=https://app.example", NULL });
	return 0;
}

static int stop(void **state)
{
	(void)state;
	server_end(&server);
	return 0;
}

#define ASK(sentence, request, host, status) \
	ROW_OF(sentence, is_answered, (&(struct host_row){ request, host, status }))
#define LIVE "GET /health/live"

int main(void)
{
	const struct CMUnitTest rows[] = {
		ASK("who asks by a name is answered", LIVE, "api.example", 200),
		ASK("whatever the port and case", LIVE, "API.example:8000", 200),
		ASK("by one below *.", LIVE, "a.example.org", 200),
		ASK("by an address", LIVE, "[::1]:8000", 200),
		ASK("by another name is a 400, for health, too", LIVE, "127.0.0.1", 400),
		ASK("on a page", "GET /docs", "evil.example", 400),
		ASK("where there is nothing", "GET /nowhere", "evil.example", 400),
		ASK("for the whole server", "OPTIONS *", "evil.example", 400),
		ASK("by a name in the target, too", "GET http://api.example:80/health/live",
		    "api.example", 200),
		ASK("by another name in the target", "GET http://evil.example/health/live",
		    "api.example", 400),
		ASK("by another in one without a path", "GET https://evil.example?a=1",
		    "api.example", 400),
		ROW("a page of elsewhere gets no leave", a_page_of_elsewhere_gets_no_leave),
	};
	return rows_run_with("core/http/hosts", rows, sizeof(rows) / sizeof(rows[0]), start, stop);
}
