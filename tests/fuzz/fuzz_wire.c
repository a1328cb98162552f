/*
 * Fuzz target of the wire, end to end: the bytes go over a socket to a server in this process, cut
 * into pieces as long as the first byte says. Its routes answer with what they were asked, and a
 * strict reader (reader.h) says which requests the bytes are. For each of these there is at most
 * one answer, in order, and what was run is what the reader read: the same method, target and body.
 * What the reader refuses is not run, and nothing behind it; who has sent whole requests alone gets
 * all answers.
 */
#include "fuzz/target.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/app.h"
#include "core/http/exchange.h"
#include "core/http/server.h"
#include "core/module.h"
#include "fuzz/reader.h"

enum {
	ANSWERS_ROOM = 1 << 20,
	INPUT_MAX = 16 * 1024,
	PATIENCE_MS = 30000, /* for what must come */
	GLANCE_MS = 4,       /* for what must not */
};

static int port;
static char folder[64];

/* ---- the server ---- */

static enum app_err echo(struct ctx *c, struct http_exchange *x)
{
	static const char *const names[] = { "",    "GET",   "HEAD",   "POST",
					     "PUT", "PATCH", "DELETE", "OPTIONS" };
	struct buf out;
	buf_init(&out, c->arena);
	buf_printf(&out, "%s %s\n", names[x->method], x->raw_target);
	buf_add(&out, x->body.data, x->body.len);
	return http_answer(x, 200, "text/plain", out.data, out.len);
}

#define ECHO_(method) \
	{ \
		method, "/{name}", .handle = echo, .access = ACCESS_PUBLIC, .root = true, \
				   .hidden = true \
	}
static const struct route routes[] = { ECHO_(GET),   ECHO_(POST),   ECHO_(PUT),
				       ECHO_(PATCH), ECHO_(DELETE), { 0 } };
static const struct module echo_module = { "echo", "Says what it was asked.", .routes = routes };

static void database_remove(void)
{
	char path[80];
	static const char *const ends[] = { "", "-wal", "-shm", "-lock" };
	for (size_t i = 0; i < COUNT_OF(ends); i++) {
		snprintf(path, sizeof(path), "%s/db%s", folder, ends[i]);
		unlink(path);
	}
	rmdir(folder);
}

static const char *database_url(struct ctx *c)
{
	strcpy(folder, "/tmp/croft-fuzz-XXXXXX");
	assert(mkdtemp(folder));
	atexit(database_remove);
	return arena_printf(c->arena, "database.url=sqlite:%s/db", folder);
}

/* Never stopped: it ends with the process. */
static void server_once(void)
{
	static struct arena arena;
	static struct app app;
	static struct app_options options = { .name = "croft" };
	static const struct option_group *const groups[] = { &db_option_group, &http_option_group,
							     NULL };
	static const struct module *const modules[] = { &echo_module, NULL };
	struct ctx c;
	if (port)
		return;
	ctx_init(&c, &app, &arena);
	AUTO(buf) faults = { 0 };
	const char *sets[] = { database_url(&c),
			       "server.threads=1",
			       "server.header_seconds=3600",
			       "server.body_seconds=3600",
			       "server.idle_seconds=3600",
			       NULL };
	app.options = &options;
	app.modules = modules;
	assert(!config_load(&c, groups, &(struct config_sources){ .sets = sets }, &faults,
			    &app.config));
	assert(!db_open(&c, config_group(app.config, &db_option_group), &app.db));
	struct http_options http = *(const struct http_options *)config_group(app.config,
									      &http_option_group);
	app.pool = pool_new(&(struct pool_options){ .waiting = { 1, 1, 1 } });
	http.port = 0;
	assert(app.pool && !http_server_start(&c, &app, &http, &app.http));
	port = http_server_port(app.http);
}

/* ---- the client ---- */

struct visitor {
	int fd;
	char *text; /* what was answered */
	size_t len;
	bool has_ended;
};

static void client_begin(struct visitor *client)
{
	const struct sockaddr_in address = { .sin_family = AF_INET,
					     .sin_port = htons((uint16_t)port),
					     .sin_addr = { htonl(INADDR_LOOPBACK) } };
	/* A close resets: many clients in a row would use up the ports, which TIME_WAIT keeps. */
	const struct linger reset = { .l_onoff = 1, .l_linger = 0 };
	int on = 1;
	*client = (struct visitor){ .fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0),
				    .text = malloc(ANSWERS_ROOM) };
	assert(client->text && client->fd >= 0);
	assert(!connect(client->fd, (const struct sockaddr *)&address, sizeof(address)));
	setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	setsockopt(client->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
}

static void client_write(struct visitor *client, const char *bytes, size_t len, size_t piece)
{
	for (size_t at = 0, more; at < len; at += more) {
		more = len - at < piece ? len - at : piece;
		if (send(client->fd, bytes + at, more, MSG_NOSIGNAL) < 0)
			return;
	}
}

/* Waits for more; false when nothing came. */
static bool client_take(struct visitor *client, int wait_ms)
{
	struct pollfd poll_fd = { .fd = client->fd, .events = POLLIN };
	if (client->has_ended || poll(&poll_fd, 1, wait_ms) <= 0)
		return false;
	ssize_t got = recv(client->fd, client->text + client->len, ANSWERS_ROOM - 1 - client->len,
			   0);
	client->has_ended = got <= 0;
	client->len += got > 0 ? (size_t)got : 0;
	return got > 0;
}

/* No TIME_WAIT, of which there would soon be too many. */
static void client_end(struct visitor *client)
{
	const struct linger hard = { .l_onoff = 1 };
	setsockopt(client->fd, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
	close(client->fd);
	free(client->text);
}

/* ---- the answers ---- */

struct answer_seen {
	int status;
	bool is_ours, closes; /* ours: not one of the library's own */
	const char *body;
	size_t body_len;
};

/* Reads the answer at *at and moves it; false: it is not whole. */
static bool answer_next(const char **at, const char *end, bool is_head, struct answer_seen *ret)
{
	const char *start = *at, *behind = memmem(start, (size_t)(end - start), "\r\n\r\n", 4);
	if (!behind)
		return false;
	size_t head_len = (size_t)(behind - start) + 2, body_len = 0;
	assert(head_len > 14 && !memcmp(start, "HTTP/1.", 7));
	const char *length = memmem(start, head_len, "\r\nContent-Length: ", 18);
	ret->status = atoi(start + 9);
	ret->is_ours = memmem(start, head_len, "\r\nX-Request-ID: ", 16);
	ret->closes = memmem(start, head_len, "\r\nConnection: close", 19) || !ret->is_ours;
	bool has_none = is_head || ret->status == 204 || ret->status == 304 || ret->status < 200;
	body_len = length && !has_none ? (size_t)atol(length + 18) : 0;
	ret->body = behind + 4;
	ret->body_len = body_len;
	if ((size_t)(end - ret->body) < body_len)
		return false;
	*at = ret->body + body_len;
	return true;
}

static bool is_refusal(int status)
{
	static const int all[] = { 400, 408, 413, 414, 431, 500, 501, 503, 505 };
	for (size_t i = 0; i < COUNT_OF(all); i++)
		if (status == all[i])
			return true;
	return false;
}

static void check_echo(const struct answer_seen *answer, const struct read_request *request,
		       bool has_body)
{
	size_t target = request->method_len + 1 + request->lacks_path;
	size_t head = target + request->target_len + 1;
	if (request->method_len == 4 && !memcmp(request->method, "HEAD", 4))
		return;
	assert(answer->body_len >= head && answer->body[head - 1] == '\n');
	assert(!memcmp(answer->body, request->method, request->method_len));
	assert(!request->lacks_path || answer->body[target - 1] == '/');
	assert(!memcmp(answer->body + target, request->target, request->target_len));
	if (has_body)
		assert(answer->body_len - head == request->body_len &&
		       !memcmp(answer->body + head, request->body, request->body_len));
}

/*
 * Holds answers against requests; returns how many answers there are, *ret_closed: none can follow.
 * One that comes for what the reader refused is a refusal, unless the head was in order and only
 * chunks are not: then nothing follows it.
 */
static size_t check_answers(const struct visitor *client, const struct reading *reading,
			    bool *ret_closed)
{
	const char *at = client->text, *end = client->text + client->len;
	struct answer_seen answer;
	size_t count = 0;
	*ret_closed = false;
	while (at < end) {
		const struct read_request *request = &reading->list[count];
		bool is_read = count < reading->count, is_known = is_read || reading->is_body;
		bool is_head = is_known && request->method_len == 4 &&
			       !memcmp(request->method, "HEAD", 4);
		if (!answer_next(&at, end, is_head, &answer))
			break;
		if (answer.status == 100)
			continue;
		assert(!*ret_closed && count <= reading->count);
		if (!is_read)
			assert(is_refusal(answer.status) || reading->is_body);
		if (answer.status == 200)
			check_echo(&answer, request, is_read);
		count++;
		*ret_closed = answer.closes || !is_read || request->closes;
		if (!answer.is_ours)
			return count; /* the library may say it twice */
	}
	return count;
}

/* Whole requests: all answers come, or one that closes. */
static void check_all_come(struct visitor *client, const struct reading *reading)
{
	bool is_closed = false;
	while (check_answers(client, reading, &is_closed) < reading->count && !is_closed &&
	       client_take(client, PATIENCE_MS))
		;
	assert(is_closed || check_answers(client, reading, &is_closed) == reading->count);
	if (!is_closed)
		shutdown(client->fd, SHUT_WR);
	while (client_take(client, PATIENCE_MS))
		;
	assert(client->has_ended);
}

/*
 * libmicrohttpd 0.9.75 makes NULs of a colon and of the end of a line and keeps no trace: a line
 * ":" or a NUL, with LF or CR alone behind it, cannot be told from an empty line, nor NUL LF behind
 * a value from CR LF; and it passes over lines in front of the first request. docs/refused.md tells
 * of it.
 */
static bool is_beyond_us(const char *bytes, size_t len)
{
	for (size_t i = 1; i + 1 < len; i++) {
		bool ends = bytes[i + 1] == '\n' ||
			    (bytes[i + 1] == '\r' && (i + 2 == len || bytes[i + 2] != '\n'));
		if (ends && (!bytes[i] || (bytes[i] == ':' && strchr("\r\n", bytes[i - 1]))))
			return true;
	}
	return (unsigned char)bytes[0] < ' ';
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct reading reading;
	struct visitor client;
	bool is_closed;
	const char *bytes = (const char *)data + 1;
	if (size < 2 || size > INPUT_MAX || is_beyond_us(bytes, size - 1))
		return 0;
	server_once();
	read_all(bytes, size - 1, &reading);
	client_begin(&client);
	client_write(&client, bytes, size - 1, data[0] ? data[0] : size);
	if (reading.end == COMPLETE)
		check_all_come(&client, &reading);
	while (client_take(&client, GLANCE_MS))
		;
	check_answers(&client, &reading, &is_closed);
	client_end(&client);
	return 0;
}
