/* Which requests are of a page of ours. */
#include "core/http/parse/page.h"

#include "base/attr.h"
#include "testing/rows.h"

struct page_case {
	const char *fetch_site, *origin, *host;
	bool want;
};

static void is_judged(void **state)
{
	const struct page_case *k = *state;
	assert_int_equal(page_is_ours(k->fetch_site, k->origin, k->host), k->want);
}

#define PAGE(sentence, fetch_site, origin, host, want) \
	ROW_OF(sentence, is_judged, (&(struct page_case){ fetch_site, origin, host, want }))
#define HOST "app.example"

int main(void)
{
	const struct CMUnitTest rows[] = {
		PAGE("the browser says so", "same-origin", NULL, HOST, true),
		PAGE("whatever the proxy has made of the host", "same-origin",
		     "https://app.example", "10.0.0.7:8000", true),
		PAGE("S57 a page of elsewhere", "cross-site", "https://evil.example", HOST, false),
		PAGE("S57 a neighbour of the same domain", "same-site", "https://x.app.example",
		     HOST, false),
		PAGE("S57 what browsers say counts, not the origin beside it", "cross-site",
		     "https://app.example", HOST, false),
		PAGE("no page at all, such as a bookmark", "none", NULL, HOST, false),
		PAGE("another word", "Same-Origin", NULL, HOST, false),
		PAGE("an empty one", "", "https://app.example", HOST, false),
		PAGE("of an old browser the origin counts", NULL, "https://app.example", HOST,
		     true),
		PAGE("on a machine of one's own", NULL, "http://localhost:8000", "localhost:8000",
		     true),
		PAGE("in any case", NULL, "https://app.example", "App.Example", true),
		PAGE("S57 another origin", NULL, "https://evil.example", HOST, false),
		PAGE("S57 one that begins alike", NULL, "https://app.example.evil", HOST, false),
		PAGE("S57 one that ends alike", NULL, "https://evilapp.example", HOST, false),
		PAGE("another port", NULL, "https://app.example:8443", HOST, false),
		PAGE("null, as of a page in a sandbox", NULL, "null", HOST, false),
		PAGE("a scheme that is none of ours", NULL, "capacitor://app.example", HOST, false),
		PAGE("an origin without a host, and none was asked", NULL, "https://", "", false),
		PAGE("no host", NULL, "https://app.example", NULL, false),
		PAGE("nobody says which page", NULL, NULL, HOST, false),
	};
	return rows_run("core/http/page", rows, COUNT_OF(rows));
}
