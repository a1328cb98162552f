/*
 * What a stage of a module asks of the request, and the headers that it sets. Declared in
 * core/http.h.
 */
#include <assert.h>
#include <string.h>

#include "answer_add.h"
#include "core/http.h"
#include "core/networks.h"
#include "exchange.h"
#include "parse/networks.h"

const char *http_stage_header(const struct http_exchange *x, size_t at)
{
	assert(x->module_stage && at < MODULE_HEADERS_MAX);
	assert(x->module_stage->stage->takes[at].name);
	return x->stage_headers ? x->stage_headers[x->module_stage->first_header + at] : NULL;
}

void http_stage_set(struct http_exchange *x, size_t at, const char *value)
{
	assert(x->module_stage && at < MODULE_HEADERS_MAX);
	const struct module_header *header = &x->module_stage->stage->sets[at];
	assert(header->name);
	answer_set_header(x, header, value);
}

const struct route *http_route(const struct http_exchange *x)
{
	return x->route;
}

const char *http_client(const struct http_exchange *x)
{
	return x->client;
}

bool http_client_is_in(const struct http_exchange *x, const struct networks *networks)
{
	struct address address;
	return address_read(x->client, strlen(x->client), &address) &&
	       networks_have(networks, &address);
}

int http_status(const struct http_exchange *x)
{
	return x->answer.status;
}

int64_t http_took_us(const struct http_exchange *x)
{
	return x->c.clock->monotonic_us(x->c.clock) - x->began_us;
}
