/*
 * An answer as libmicrohttpd sends it.
 */
#include "answer_head.h"
#include "exchange.h"
#include "peer.h"
#include "server.h"
#include "unsent.h"
#include "wire.h"
#include "wire_library.h"

const char *wire_reason(int status)
{
	const char *phrase = MHD_get_reason_phrase_for((unsigned)status);
	return phrase ? phrase : "Error";
}

static bool add_header(void *response, const char *name, const char *value)
{
	return MHD_add_response_header(response, name, value) == MHD_YES;
}

/*
 * The bytes stay with the exchange or in the binary: wire_on_completed() runs when they are sent,
 * and drops it.
 */
static struct MHD_Response *response_new(struct http_exchange *x)
{
	struct answer *answer = &x->answer;
	if (answer->fd <= 0 || answer->status == 304 || answer->status == 416)
		return MHD_create_response_from_buffer(answer->body ? answer->len : 0,
						       (void *)(uintptr_t)answer->body,
						       MHD_RESPMEM_PERSISTENT);
	struct MHD_Response *response = MHD_create_response_from_fd_at_offset64(
		answer->len, answer->fd, answer->offset);
	if (response)
		answer->fd = 0; /* the response closes it */
	return response;
}

/*
 * Where the trailers of a chunked body end 0.9.75 does not tell, and it ends them at a line that
 * begins with NUL or has no name: what comes behind them is not run.
 */
static bool ends_unseen(const struct http_exchange *x)
{
	return LIBRARY_IS_LAX && x->head.chunked;
}

enum MHD_Result wire_send(struct http_exchange *x)
{
	struct http_server *server = x->server;
	if (atomic_load_explicit(&server->draining, memory_order_relaxed) || ends_unseen(x))
		x->close = true;
	exchange_enter(x, EXCHANGE_SENDING);
	peer_enter(x->peer, PEER_ANSWER, (int64_t)x->answer.len);
	struct MHD_Response *response = response_new(x);
	if (!response)
		return MHD_NO;
	enum MHD_Result sent = MHD_NO;
	if (answer_headers(&x->answer, x->request_id, add_header, response) &&
	    (!x->close || add_header(response, "Connection", "close"))) {
		unsent_begin(x);
		sent = MHD_queue_response(x->connection, (unsigned)x->answer.status, response);
	}
	MHD_destroy_response(response);
	return sent;
}
