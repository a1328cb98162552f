/* Making an answer's bytes without libmicrohttpd, and writing them to the socket past it. */
#include "packet.h"

#include <string.h>
#include <sys/socket.h>

#include "answer_head.h"
#include "base/arena.h"
#include "base/clock.h"
#include "core/json.h"
#include "error_json.h"
#include "exchange.h"

enum { DRAIN_BYTES = 64 * 1024 };

static bool add_line(void *to, const char *name, const char *value)
{
	buf_printf(to, "%s: %s\r\n", name, value);
	return true;
}

struct buf packet_make(const struct packet *packet, struct arena *arena)
{
	const struct answer *answer = packet->answer;
	struct buf out;
	char date[HTTP_DATE_ROOM];
	buf_init(&out, arena);
	instant_http_text(clock_system.now(&clock_system), date);
	buf_printf(&out, "HTTP/1.1 %d %s\r\n", answer->status, packet->reason);
	add_line(&out, "Date", date);
	answer_headers(answer, packet->request_id, add_line, &out);
	buf_printf(&out, "Connection: close\r\nContent-Length: %zu\r\n\r\n", answer->len);
	if (!packet->is_head)
		buf_add(&out, answer->body, answer->len);
	return out;
}

void packet_send(int fd, const void *bytes, size_t len)
{
	if (send(fd, bytes, len, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		return;
	shutdown(fd, SHUT_WR);
	/* Unread bytes would turn the close into a reset that may overtake the answer. */
	char sink[4096];
	for (size_t got = 0; got < DRAIN_BYTES;) {
		ssize_t n = recv(fd, sink, sizeof(sink), MSG_DONTWAIT);
		if (n <= 0)
			break;
		got += (size_t)n;
	}
}

static struct buf error_body(enum app_err err, const char *text, const char *request_id,
			     struct arena *arena)
{
	struct buf out;
	buf_init(&out, arena);
	buf_add_lit(&out, "{\"detail\":");
	json_add_text(&out, text, strlen(text));
	error_json_add_code(&out, app_err_slug(err), request_id);
	buf_add_char(&out, '}');
	return out;
}

void packet_send_error(int fd, enum app_err err, const char *text, const char *request_id)
{
	AUTO(arena) arena = { 0 };
	const struct buf body = error_body(err, text, request_id, &arena);
	struct answer answer = { .status = app_err_status(err),
				 .type = "application/json",
				 .body = body.data,
				 .len = body.len };
	if (err == APP_UNAVAILABLE)
		answer.headers[answer.header_count++] = (struct answer_header){
			.name = "Retry-After", .value = "1"
		};
	const struct packet packet = { .answer = &answer,
				       .reason = app_err_text(err),
				       .request_id = request_id };
	const struct buf bytes = packet_make(&packet, &arena);
	packet_send(fd, bytes.data, bytes.len);
}
