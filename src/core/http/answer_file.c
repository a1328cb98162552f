/*
 * Answers with a file of static/: whole, a part of it, or that the client has it already.
 */
#include "base/str.h"
#include "exchange.h"
#include "parse/accept.h"
#include "parse/etag.h"
#include "parse/range.h"
#include "server.h"

/*
 * What our pages need: Swagger UI and ReDoc set inline styles and show data: images, ReDoc searches
 * in a worker.
 */
static const char page_csp[] =
	"default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
	"img-src 'self' data:; worker-src 'self' blob:; object-src 'none'; "
	"base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

static void answer_part(struct http_exchange *x, const struct static_file *file)
{
	struct answer *answer = &x->answer;
	const char *wanted = x->head.value[GUARD_RANGE];
	const char *if_range = x->head.value[GUARD_IF_RANGE];
	struct range part = { 0 };
	if (!wanted || (if_range && !etag_range_holds(if_range, file->etag)))
		return;
	switch (range_select(wanted, file->size, &part)) {
	case RANGE_WHOLE: return;
	case RANGE_UNSATISFIABLE:
		answer->status = 416;
		answer->body = NULL;
		answer->len = 0;
		http_add_header(x, "Content-Range",
				arena_printf(&x->arena, "bytes */%zu", file->size));
		return;
	case RANGE_PART: break;
	}
	answer->status = 206;
	answer->len = part.len;
	if (file->bytes)
		answer->body = (const char *)file->bytes + part.first;
	answer->offset = part.first;
	http_add_header(x, "Content-Range",
			arena_printf(&x->arena, "bytes %llu-%llu/%zu",
				     (unsigned long long)part.first,
				     (unsigned long long)(part.first + part.len - 1), file->size));
}

enum app_err http_answer_static(struct http_exchange *x, const char *path)
{
	bool gzip = accept_gzip(x->head.value[GUARD_ACCEPT_ENCODING]) &&
		    !x->head.value[GUARD_RANGE];
	struct static_file file = { .fd = -1 };
	enum app_err err = static_find(&x->c, x->server->statics, path, gzip, &file);
	if (err)
		return err;
	struct answer *answer = &x->answer;
	answer->status = 200;
	answer->type = file.type;
	answer->body = file.bytes;
	answer->len = file.size;
	answer->fd = file.bytes ? 0 : file.fd;
	answer->is_coded = true;
	answer->cache_control = file.cache_control;
	if (str_starts(file.type, "text/html"))
		answer->csp = page_csp;
	http_add_header(x, "ETag", file.etag);
	http_add_header(x, "Accept-Ranges", "bytes");
	if (file.vary)
		http_add_header(x, "Vary", "Accept-Encoding");
	const char *known = x->head.value[GUARD_IF_NONE_MATCH];
	if (known && etag_none_match_hits(known, file.etag)) {
		answer->status = 304;
		answer->body = NULL;
		answer->len = 0;
		return APP_OK;
	}
	if (file.is_gzip)
		http_add_header(x, "Content-Encoding", "gzip");
	answer_part(x, &file);
	return APP_OK;
}
