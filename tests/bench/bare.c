/*
 * The HTTP side of the yardstick:
 *   bare serve DATABASE THREADS   prints "PORT TOKEN" and serves until SIGTERM
 *   bare insert DATABASE COUNT    inserts posts in one transaction; prints the CPU time in ns
 *   bare flush FILE               prints how many microseconds the disk takes to make 4 KiB durable
 * It trusts its client: no limits, no guard, no log.
 */
#include <cjson/cJSON.h>
#include <microhttpd.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bare.h"

struct request {
	bool done;
	size_t body_len;
	char body[1024];
	struct MHD_Connection *connection;
	struct store_insert insert;
};

static enum MHD_Result answer(struct MHD_Connection *connection, int status, const char *json,
			      size_t len, enum MHD_ResponseMemoryMode mode)
{
	struct MHD_Response *response = MHD_create_response_from_buffer(
		len, (void *)(uintptr_t)json, mode);

	MHD_add_response_header(response, "Content-Type", "application/json");
	enum MHD_Result queued = MHD_queue_response(connection, (unsigned)status, response);
	MHD_destroy_response(response);
	return queued;
}

#define DETAIL(literal) "{" NAME("detail") QUOTED(literal) "}"
#define ANSWER(connection, status, literal) \
	answer((connection), (status), (literal), sizeof(literal) - 1, MHD_RESPMEM_PERSISTENT)

static enum MHD_Result answer_text(struct MHD_Connection *connection, int status,
				   const struct text *text)
{
	return answer(connection, status, text->bytes, text->len, MHD_RESPMEM_MUST_COPY);
}

static bool is_signed_in(struct MHD_Connection *connection)
{
	const char *value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND,
							"Authorization");

	return value && strncmp(value, "Bearer ", 7) == 0 && token_is_good(value + 7);
}

static int64_t number_asked(struct MHD_Connection *connection, const char *name, int64_t preset)
{
	const char *value = MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, name);

	return value ? strtoll(value, NULL, 10) : preset;
}

static enum MHD_Result list_posts(struct MHD_Connection *connection, struct text *json)
{
	enum posts_kind kind = (enum posts_kind)number_asked(connection, "kind", POSTS_BY_NUMBER);
	bool is_page = kind == POSTS_BY_NUMBER || kind == POSTS_PUBLISHED;

	posts_page(kind, number_asked(connection, is_page ? "page" : "after", is_page),
		   number_asked(connection, "total", 1) != 0, json);
	return answer_text(connection, 200, json);
}

static enum MHD_Result get(struct MHD_Connection *connection, const char *path)
{
	static _Thread_local char room[BARE_BODY_ROOM];
	struct text json = { room, sizeof(room), 0 };

	if (strcmp(path, "/health/live") == 0)
		return ANSWER(connection, 200, "{" NAME("status") QUOTED("ok") "}");
	if (!is_signed_in(connection))
		return ANSWER(connection, 401, DETAIL("Not authenticated"));
	if (strcmp(path, "/posts") == 0)
		return list_posts(connection, &json);
	if (strcmp(path, "/users") == 0) {
		store_page(number_asked(connection, "page", 1), &json);
		return answer_text(connection, 200, &json);
	}
	if (strncmp(path, "/users/", 7) == 0 && store_user(strtoll(path + 7, NULL, 10), &json))
		return answer_text(connection, 200, &json);
	return ANSWER(connection, 404, DETAIL("Not Found"));
}

/* ---- creating ---- */

static void on_durable(struct store_insert *insert)
{
	struct request *request = insert->owner;

	request->done = true;
	MHD_resume_connection(request->connection);
}

static bool copy_member(const cJSON *root, const char *name, char ret[BARE_NAME_ROOM])
{
	const cJSON *member = cJSON_GetObjectItemCaseSensitive(root, name);

	return cJSON_IsString(member) &&
	       snprintf(ret, BARE_NAME_ROOM, "%s", member->valuestring) < BARE_NAME_ROOM;
}

static bool read_insert(struct request *request)
{
	cJSON *root = cJSON_ParseWithLength(request->body, request->body_len);
	bool fine = copy_member(root, "username", request->insert.username) &&
		    copy_member(root, "email", request->insert.email);

	cJSON_Delete(root);
	return fine;
}

static enum MHD_Result create(struct MHD_Connection *connection, struct request *request)
{
	if (request->done)
		return answer_text(connection, request->insert.status, &request->insert.json);
	if (!is_signed_in(connection))
		return ANSWER(connection, 401, DETAIL("Not authenticated"));
	if (!read_insert(request))
		return ANSWER(connection, 422, DETAIL("Validation Error"));
	request->connection = connection;
	request->insert.owner = request;
	request->insert.json = (struct text){ request->insert.json_room, BARE_ROW_ROOM, 0 };
	request->insert.ready = on_durable;
	MHD_suspend_connection(connection);
	store_submit(&request->insert);
	return MHD_YES;
}

/* ---- the server ---- */

/* What con_cls points at after the first call for a GET, which needs no state. */
static struct request seen;

static enum MHD_Result collect(struct request *request, const char *bytes, size_t *len)
{
	if (request->body_len + *len > sizeof(request->body))
		return MHD_NO;
	memcpy(request->body + request->body_len, bytes, *len);
	request->body_len += *len;
	*len = 0;
	return MHD_YES;
}

static enum MHD_Result on_request(void *unused, struct MHD_Connection *connection, const char *path,
				  const char *method, const char *version, const char *upload,
				  size_t *upload_len, void **con_cls)
{
	(void)unused, (void)version;
	bool is_post = strcmp(method, "POST") == 0;
	if (!*con_cls) {
		*con_cls = is_post ? calloc(1, sizeof(struct request)) : &seen;
		return *con_cls ? MHD_YES : MHD_NO;
	}
	if (!is_post)
		return get(connection, path);
	if (*upload_len)
		return collect(*con_cls, upload, upload_len);
	return create(connection, *con_cls);
}

static void on_completed(void *unused, struct MHD_Connection *connection, void **con_cls,
			 enum MHD_RequestTerminationCode why)
{
	(void)unused, (void)connection, (void)why;
	if (*con_cls != &seen)
		free(*con_cls);
}

static int serve(const char *path, unsigned threads)
{
	char token[BARE_TOKEN_ROOM];
	sigset_t stop;
	int which;

	sigemptyset(&stop);
	sigaddset(&stop, SIGTERM);
	sigaddset(&stop, SIGINT);
	pthread_sigmask(SIG_BLOCK, &stop, NULL);
	store_open(path);
	struct MHD_Daemon *daemon = MHD_start_daemon(
		MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, on_request,
		NULL, MHD_OPTION_THREAD_POOL_SIZE, threads, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
		(size_t)32768, MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL, MHD_OPTION_END);
	if (!daemon)
		return 1;
	token_make(token);
	printf("%d %s\n", (int)MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port, token);
	fflush(stdout);
	sigwait(&stop, &which);
	store_close();
	MHD_stop_daemon(daemon);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "flush") == 0) {
		flush_measure(argv[2]);
		return 0;
	}
	if (argc != 4 || sodium_init() < 0)
		return 2;
	if (strcmp(argv[1], "serve") == 0)
		return serve(argv[2], (unsigned)strtoul(argv[3], NULL, 10));
	if (strcmp(argv[1], "insert") != 0)
		return 2;
	store_use(argv[2]);
	posts_insert(strtoll(argv[3], NULL, 10));
	return 0;
}
