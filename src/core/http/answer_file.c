/*
 * Answers with a file of static/: whole, a part of it, or that the client has it already.
 */
#include <unistd.h>

#include "answer_add.h"
#include "base/str.h"
#include "conditions.h"
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

/* RFC 9110 §14.2: GET alone has parts. */
static const char *range_wanted(const struct http_exchange *x)
{
	return x->is_head ? NULL : x->head.value[GUARD_RANGE];
}

static void answer_part(struct http_exchange *x, const struct static_file *file)
{
	struct answer *answer = &x->answer;
	const char *wanted = range_wanted(x);
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
		answer_add_header(x, "Content-Range",
				  arena_printf(&x->arena, "bytes */%zu", file->size));
		return;
	case RANGE_PART: break;
	}
	answer->status = 206;
	answer->len = part.len;
	if (file->bytes)
		answer->body = (const char *)file->bytes + part.first;
	answer->offset = part.first;
	answer_add_header(
		x, "Content-Range",
		arena_printf(&x->arena, "bytes %llu-%llu/%zu", (unsigned long long)part.first,
			     (unsigned long long)(part.first + part.len - 1), file->size));
}

/* *ret_unchanged: the client has it. Nothing is open after a failure. */
static enum app_err file_find(struct http_exchange *x, const char *path, struct static_file *ret,
			      bool *ret_unchanged)
{
	bool gzip = accept_gzip(x->head.value[GUARD_ACCEPT_ENCODING]) && !range_wanted(x);
	enum app_err err = static_find(&x->c, x->server->statics, path, gzip, ret);
	if (err)
		return err;
	err = conditions_check_read(x, ret->etag, ret_unchanged);
	if (err && !ret->bytes && ret->fd >= 0)
		close(ret->fd);
	return err;
}

enum app_err http_answer_static(struct http_exchange *x, const char *path)
{
	struct static_file file = { .fd = -1 };
	bool is_unchanged;
	enum app_err err = file_find(x, path, &file, &is_unchanged);
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
	answer_add_header(x, "ETag", file.etag);
	answer_add_header(x, "Accept-Ranges", "bytes");
	if (file.vary)
		answer_add_header(x, "Vary", "Accept-Encoding");
	if (is_unchanged) {
		answer->status = 304;
		answer->body = NULL;
		answer->len = 0;
		return APP_OK;
	}
	if (file.is_gzip)
		answer_add_header(x, "Content-Encoding", "gzip");
	answer_part(x, &file);
	return APP_OK;
}
