/* Makes the documents at the start: all that can be asked of them is known then. */
#include "documents.h"

#include <stdlib.h>

#include "base/mem.h"
#include "core/gzip.h"
#include "core/openapi.h"
#include "core/router.h"

static void document_make(struct ctx *c, struct document *document,
			  const struct openapi_source *source)
{
	buf_init(&document->text, NULL);
	buf_init(&document->packed, NULL);
	openapi_document(c, source, &document->text);
	document->is_packed = gzip_pack(document->text.data, document->text.len, &document->packed);
}

/* [{"name":"v1","url":"api/v1/openapi.json"}]: as seen from /docs, whatever stands before that. */
static void names_make(struct documents *all)
{
	buf_init(&all->names, NULL);
	for (size_t i = 0; i < all->count; i++)
		buf_printf(&all->names, "%s{\"name\":\"%s\",\"url\":\"%s/openapi.json\"}",
			   i ? "," : "[", all->scopes[i].name, all->scopes[i].prefix + 1);
	buf_add_char(&all->names, ']');
}

void documents_make(struct ctx *c, struct documents *all, const struct openapi_source *source)
{
	all->scopes = router_scopes(source->router, &all->count);
	all->list = mem_new(all->count, sizeof(*all->list));
	for (size_t i = 0; i < all->count; i++) {
		struct openapi_source one = *source;
		one.scope = &all->scopes[i];
		document_make(c, &all->list[i], &one);
	}
	names_make(all);
}

void documents_done(struct documents *all)
{
	for (size_t i = 0; i < all->count; i++) {
		buf_done(&all->list[i].text);
		buf_done(&all->list[i].packed);
	}
	if (all->list)
		buf_done(&all->names);
	free(all->list);
}

const struct document *documents_of(const struct documents *all, const struct router_entry *entry)
{
	size_t at = 0;
	while (!router_is_of(entry, &all->scopes[at]))
		at++;
	return &all->list[at];
}
