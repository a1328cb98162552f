/* Writes an answer to the socket past libmicrohttpd; see exchange.h for when. What comes in behind it wire.c throws away. */
#include "exchange.h"

#include <stdio.h>
#include <sys/socket.h>
#include <time.h>

#include "peers.h"
#include "server.h"

static bool add_line(void *to, const char *name, const char *value)
{
	buf_printf(to, "%s: %s\r\n", name, value);
	return true;
}

/* RFC 9110 §5.6.7; not strftime(), whose names of days follow the locale. */
static void add_date(struct buf *out, time_t now)
{
	static const char days[] = "SunMonTueWedThuFriSat";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct tm tm;
	gmtime_r(&now, &tm);
	buf_printf(out, "Date: %.3s, %02d %.3s %d %02d:%02d:%02d GMT\r\n", days + 3 * tm.tm_wday,
		   tm.tm_mday, months + 3 * tm.tm_mon, tm.tm_year + 1900, tm.tm_hour, tm.tm_min,
		   tm.tm_sec);
}

void refuse_now(struct http_exchange *x)
{
	const struct answer *answer = &x->answer;
	struct buf out;
	buf_init(&out, &x->arena);
	buf_printf(&out, "HTTP/1.1 %d %s\r\n", answer->status, wire_reason(answer->status));
	add_date(&out, time(NULL));
	wire_answer_headers(x, add_line, &out);
	buf_printf(&out, "Connection: close\r\nContent-Length: %zu\r\n\r\n", answer->len);
	if (!x->is_head)
		buf_add(&out, answer->body, answer->len);
	x->close = x->refused = true;
	peer_enter(x->peer, PEER_LINGER, 0);
	peer_tell(peer_fd(x->peer), out.data, out.len);
}
