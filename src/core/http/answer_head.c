/* The one list of the headers that every answer has. */
#include "answer_head.h"

#include "exchange.h"

static const char strict_csp[] = "default-src 'none'; frame-ancestors 'none'";

bool answer_headers(const struct answer *answer, const char *request_id, answer_header_fn *add,
		    void *to)
{
	bool fine = add(to, "X-Request-ID", request_id) &&
		    add(to, "X-Content-Type-Options", "nosniff") &&
		    add(to, "Referrer-Policy", "no-referrer") &&
		    add(to, "Content-Security-Policy", answer->csp ? answer->csp : strict_csp) &&
		    add(to, "Cache-Control",
			answer->cache_control ? answer->cache_control : "no-store");
	if (answer->type && answer->status != 304 && answer->status != 204)
		fine = fine && add(to, "Content-Type", answer->type);
	for (size_t i = 0; i < answer->header_count; i++)
		fine = fine && add(to, answer->headers[i].name, answer->headers[i].value);
	return fine;
}
