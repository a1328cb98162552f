/* Answers past the library. Private to core/http. */
#ifndef CROFT_SRC_CORE_HTTP_REFUSE_H
#define CROFT_SRC_CORE_HTTP_REFUSE_H

struct http_exchange;

/*
 * Sends x->answer, whose body is in memory, at once and ends the connection for writing. For the
 * moments at which the library takes no answer, or would close at once and so break the connection
 * of a client that is still sending.
 */
void refuse_now(struct http_exchange *x);
/*
 * The body is read first, which keeps the connection; when it does not come in time, a refusal is
 * sent as above.
 */
void refuse_later(struct http_exchange *x);

#endif
