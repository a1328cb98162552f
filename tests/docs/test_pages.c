/* long */
/*
 * The pages that the server brings, in a real browser: on a phone nothing is cut or wider than the
 * screen, the console stays empty, and signing in works. Skipped where there is no Chromium, or
 * where the build had no npm to bring the bundles.
 */
#include "testing/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/browser.h"
#include "testing/await.h"
#include "testing/client.h"
#include "testing/server.h"

static struct {
	struct server server;
	struct browser browser;
	bool can;
} stage;

static int open_stage(void **state)
{
	(void)state;
	struct reply reply;

	server_start(&stage.server, NULL);
	client_call(&stage.server,
		    &(struct request){ .method = "HEAD",
				       .target = "/vendor/redoc/redoc.standalone.js" },
		    &reply);
	stage.can = browser_is_installed() && reply.status == 200;
	/* tools/run-test shows it */
	if (!stage.can)
		printf("# skipped: %s\n", browser_is_installed() ? "this build has no /redoc"
								 : "Chromium is not installed");
	reply_done(&reply);
	if (stage.can)
		browser_open(&stage.browser);
	return 0;
}

static int close_stage(void **state)
{
	(void)state;
	if (stage.can)
		browser_close(&stage.browser);
	server_end(&stage.server);
	return 0;
}

static void visit(const char *path, int width, bool dark)
{
	char url[256];
	if (!stage.can)
		skip();
	snprintf(url, sizeof(url), "http://127.0.0.1:%d%s", stage.server.port, path);
	browser_visit(&stage.browser, url, width, dark);
}

#define SEE(expression) AWAIT(browser_holds(&stage.browser, expression))

/* Fails the row with what the expression names. */
static void assert_none(const char *expression)
{
	char *text = browser_ask(&stage.browser, expression);
	if (*text)
		fail_msg("%s", text);
	free(text);
}

static void assert_no_faults(void)
{
	const char *faults = browser_faults(&stage.browser);
	if (*faults)
		fail_msg("%s", faults);
}

/* ---- layout ---- */

/* Whatever can be folded out is, but for operations of Swagger UI; true once nothing is left. */
static const char unfold[] = "(() => { const closed = [...document.querySelectorAll("
			     "'[aria-expanded=false], button[aria-label^=expand], '"
			     "+ '[data-section-id] button:has(> strong)')]"
			     ".filter((e) => !e.dataset.clicked && e.getClientRects().length && "
			     "!e.closest('.opblock-summary'));"
			     "closed.forEach((e) => { e.dataset.clicked = 1; e.click(); });"
			     "return closed.length == 0; })()";

/*
 * The first elements that are wider than the screen, unless they can be scrolled, and those with
 * text that is cut.
 */
static const char too_wide[] =
	"(() => { const width = %d, found = [];"
	"const scrolls = (e) => ['auto', 'scroll'].includes(getComputedStyle(e).overflowX);"
	"const inScroll = (e) => { for (e = e.parentElement; e && e != document.body; e = "
	"e.parentElement)"
	"  if (scrolls(e)) return true; return false; };"
	"const name = (e, what) => found.push(what + ' <' + e.tagName + ' ' + e.className + '> ' + "
	"  e.textContent.slice(0, 60));"
	"if (document.documentElement.scrollWidth > width) found.push('the page scrolls sideways');"
	"for (const e of document.body.querySelectorAll('*')) {"
	"  const box = e.getBoundingClientRect();"
	"  if (box.width && box.height && (box.right > width + 0.5 || box.left < -0.5) && "
	"!inScroll(e))"
	"    name(e, 'too wide: ' + box.left + ' to ' + box.right);"
	"  if (getComputedStyle(e).overflowX == 'hidden' && e.clientWidth > 1 && "
	"      e.scrollWidth > e.clientWidth + 1 && e.innerText)"
	"    name(e, 'cut');"
	"} return found.slice(0, 8).join('\\n'); })()";

/*
 * Text and what lies behind it must differ: the contrast of WCAG 2, of all text that is seen, at
 * least 3.
 */
static const char too_faint[] =
	"(() => { const found = new Set();"
	"const parts = (color) => color.match(/[\\d.]+/g).map(Number);"
	"const light = (c) => c.slice(0, 3).map((v) => v / 255)"
	"  .map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)"
	"  .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);"
	"const blank = matchMedia('(prefers-color-scheme: dark)').matches && "
	"  getComputedStyle(document.documentElement).colorScheme.includes('dark') ? [0, 0, 0] : "
	"[255, 255, 255];"
	"const behind = (e) => { for (; e; e = e.parentElement) {"
	"  const c = parts(getComputedStyle(e).backgroundColor); if (c[3] === undefined || c[3] > "
	"0.5) return c;"
	"} return blank; };"
	"const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);"
	"while (walk.nextNode()) { const e = walk.currentNode.parentElement, style = "
	"getComputedStyle(e);"
	"  if (!walk.currentNode.data.trim() || !e.getClientRects().length || "
	"e.matches('script,style,option')) continue;"
	"  const a = light(parts(style.color)), b = light(behind(e));"
	"  const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);"
	"  if (contrast < %s) found.add(contrast.toFixed(2) + ' ' + walk.currentNode.data.slice(0, "
	"40)"
	"    + ' ' + style.color + ' on ' + behind(e));"
	"} return [...found].slice(0, 8).join('\\n'); })()";

struct page {
	const char *path, *is_there;
};
static const struct page first = { "/", "document.getElementById('about').textContent"
					".includes('environment')" },
			 swagger = { "/docs", "!!document.querySelector('.opblock')" },
			 schemas = { "/docs",
				     "!!document.querySelector('.models .json-schema-2020-12')" },
			 redoc = { "/redoc",
				   "!!document.querySelector('[data-section-id] .http-verb')" };

struct sight {
	const struct page *page;
	int width;
	bool dark;
};

static void see(const struct sight *sight)
{
	visit(sight->page->path, sight->width, sight->dark);
	SEE(sight->page->is_there);
}

/* Each look folds out what it finds, once: so there is an end, however long a look may take. */
static void unfold_all(void)
{
	while (!browser_holds(&stage.browser, unfold))
		;
}

static void fits(void **state)
{
	const struct sight *sight = *state;
	char expression[4096];

	see(sight);
	unfold_all();
	snprintf(expression, sizeof(expression), too_wide, sight->width);
	assert_none(expression);
	assert_no_faults();
}

static void can_be_read(void **state)
{
	const struct sight *sight = *state;
	char expression[4096];

	see(sight);
	snprintf(expression, sizeof(expression), too_faint, "3");
	assert_none(expression);
	assert_no_faults();
}

static void says_what_is_missing(void **state)
{
	if (!stage.can)
		skip();
	browser_block(&stage.browser, "*/vendor/*");
	visit(*state, 390, false);
	SEE("document.getElementById('docs').innerText.includes('make vendor')");
	browser_block(&stage.browser, "");
}

/* ---- signing in ---- */

#define PRESS(selector) \
	SEE("(() => { const e = document.querySelector('" selector \
	    "'); if (e) e.click(); return !!e; })()")
#define DIALOG ".auth-container"
#define ME "#operations-users-users-me"

static void type(const char *id, const char *text)
{
	char expression[1024];
	/* React looks at the setter of the element's class, not at the value. */
	snprintf(expression, sizeof(expression),
		 "(() => { const e = document.getElementById('%s'); if (!e) return false;"
		 "Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(e, "
		 "'%s');"
		 "e.dispatchEvent(new Event('input', { bubbles: true })); return true; })()",
		 id, text);
	SEE(expression);
}

static void open_dialog(void)
{
	PRESS(".btn.authorize");
	SEE("!!document.querySelector('" DIALOG "')");
}

static void visit_swagger(void)
{
	visit("/docs", 390, false);
	SEE("(localStorage.clear(), true)");
	see(&(struct sight){ &swagger, 390, false });
}

static void sign_in(const char *password)
{
	visit_swagger();
	open_dialog();
	type("oauth_username", "admin");
	type("oauth_password", password);
	PRESS(DIALOG " button.authorize");
}

static void asks_for_what_is_shown(void **state)
{
	(void)state;
	visit_swagger();
	open_dialog();
	char *fields = browser_ask(&stage.browser,
				   "[...document.querySelectorAll('" DIALOG " input, " DIALOG
				   " select')].map((e) => e.id).join(' ')");
	assert_string_equal(fields, "oauth_username oauth_password api_key_value");
	free(fields);
	assert_none("/client|scope/i.test(document.querySelector('.modal-ux').innerText) "
		    "? document.querySelector('.modal-ux').innerText : ''");
	assert_no_faults();
}

static const char is_signed_in[] =
	"!!document.querySelector('.auth-wrapper .btn.authorize.locked')";

/*
 * Asks with the button of GET /users/me and waits for the status. Pressed before Swagger UI has
 * read the operation, which no hand is quick enough for, the button is dead for good.
 */
static void read_oneself(const char *status)
{
	char expression[512];
	PRESS(ME " button.opblock-summary-control");
	SEE("!!ui.specSelectors.specResolvedSubtree(['paths', '/api/v1/users/me', "
	    "'get'])?.get('operationId')");
	PRESS(ME " button.execute");
	snprintf(expression, sizeof(expression),
		 "document.querySelector('" ME " .live-responses-table tbody .response-col_status')"
		 "?.innerText.trim() == '%s'",
		 status);
	SEE(expression);
}

static void signs_in_and_out(void **state)
{
	(void)state;
	sign_in(SERVER_PASSWORD);
	SEE(is_signed_in);
	assert_none("Object.values(localStorage).join().includes('" SERVER_PASSWORD
		    "') ? 'the password is kept' : ''");
	see(&(struct sight){ &swagger, 390, false });
	SEE(is_signed_in);
	read_oneself("200");
	assert_no_faults();

	open_dialog();
	PRESS(DIALOG " button[aria-label^=Remove]");
	see(&(struct sight){ &swagger, 390, false });
	assert_none(
		"document.querySelector('.auth-wrapper .btn.authorize.locked') ? 'still in' : ''");
	read_oneself("401");
}

static void says_that_the_password_is_wrong(void **state)
{
	(void)state;
	sign_in("not the password");
	SEE("!!document.querySelector('" DIALOG " .errors')?.innerText.includes('Incorrect')");
	assert_none(
		"document.querySelector('.auth-wrapper .btn.authorize.locked') ? 'it is in' : ''");
}

/* ---- completeness ---- */

/*
 * What the document says of an operation: doc, real() for what stands elsewhere in it, and how to
 * compare lists.
 */
#define READS_DOCUMENT \
	"(async () => { const doc = await (await fetch('api/v1/openapi.json')).json();" \
	"const real = (o) => o.$ref" \
	"  ? real(o.$ref.slice(2).split('/').reduce((at, key) => at[key], doc)) : o;" \
	"const differs = (where, seen, told) => seen.sort().join('; ') == told.sort().join('; ')" \
	"  ? '' : where + ' shows ' + seen.join('; ') + ' and not ' + told.join('; ');"

/*
 * Statuses, the headers of each, and parameters of the operation that Swagger UI has folded out as
 * number %d.
 */
static const char swagger_leaves_out[] = READS_DOCUMENT
	"const block = document.querySelectorAll('.opblock')[%d];"
	"const texts = (from, selector) => [...from.querySelectorAll(selector)]"
	"  .map((e) => e.innerText.trim());"
	"const method = block.querySelector('.opblock-summary-method').innerText.toLowerCase();"
	"const item = doc.paths[block.querySelector('.opblock-summary-path').dataset.path];"
	"const seen = [...block.querySelectorAll('tr.response')].map((row) => row.dataset.code + ' "
	"'"
	"  + texts(row, 'table.headers > tbody > tr > td:first-child').sort());"
	"const told = Object.entries(item[method].responses).map(([code, response]) => code + ' '"
	"  + Object.keys(real(response).headers ?? {}).sort());"
	"const named = [...block.querySelectorAll('tr[data-param-name]')]"
	"  .map((row) => row.dataset.paramName);"
	"const names = [...item.parameters ?? [], ...item[method].parameters ?? []]"
	"  .map((parameter) => real(parameter).name);"
	"return differs(block.id, seen, told) + differs(block.id, named, names); })()";

/* Operations, and the statuses and headers of each, that Redoc does not show. */
static const char redoc_leaves_out[] = READS_DOCUMENT
	"return Object.values(doc.paths).flatMap((item) => Object.values(item))"
	"  .filter((operation) => operation.responses).map((operation) => {"
	"    const part = document.querySelector("
	"      `[data-section-id$='operation/${operation.operationId}']`);"
	"    const shown = [...part?.querySelectorAll('button > strong') ?? []];"
	"    const headers = Object.values(operation.responses)"
	"      .flatMap((response) => Object.keys(real(response).headers ?? {}));"
	"    const missing = headers.filter((name) => !part?.innerText.includes(name));"
	"    return differs(operation.operationId, shown.map((e) => e.innerText.trim()),"
	"      Object.keys(operation.responses)) + differs(operation.operationId, missing, []);"
	"  }).filter(Boolean).join('\\n'); })()";

/* An example, or what is filled in, that is the least of all integers. */
static const char odd_example[] =
	"[...document.querySelectorAll('.highlight-code, .redoc-json, textarea, input')]"
	"  .map((e) => (e.value ?? '') + e.textContent)"
	"  .find((text) => text.includes('922337203685477')) ?? ''";

static int count_of(const char *selector)
{
	char expression[128];
	snprintf(expression, sizeof(expression), "document.querySelectorAll('%s').length",
		 selector);
	char *text = browser_ask(&stage.browser, expression);
	int count = atoi(text);
	free(text);
	return count;
}

/* The block of an operation is folded out, and in again at the second call. */
static void fold(int number)
{
	char expression[256];
	snprintf(expression, sizeof(expression),
		 "(document.querySelectorAll('.opblock .opblock-summary-control')[%d].click(), "
		 "true)",
		 number);
	SEE(expression);
}

/*
 * One after the other, as a reader does: with all of them at once Swagger UI draws everything anew
 * for each.
 */
static void shows_an_operation(int number)
{
	static const int widths[] = { 390, 320 };
	char expression[4096];

	fold(number);
	SEE("!!document.querySelector('.opblock.is-open .responses-table')");
	unfold_all();
	snprintf(expression, sizeof(expression), swagger_leaves_out, number);
	assert_none(expression);
	SEE("(document.querySelectorAll('.opblock.is-open .json-schema-form-item-add')"
	    "  .forEach((button) => button.click()), true)");
	assert_none(odd_example);
	for (size_t i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
		browser_resize(&stage.browser, widths[i]);
		snprintf(expression, sizeof(expression), too_wide, widths[i]);
		assert_none(expression);
	}
	fold(number);
	SEE("!document.querySelector('.opblock.is-open')");
}

static void swagger_shows_each_operation(void **state)
{
	(void)state;
	see(&(struct sight){ &swagger, 390, false });
	int count = count_of(".opblock");
	assert_true(count > 20);
	for (int i = 0; i < count; i++)
		shows_an_operation(i);
	assert_no_faults();
}

static void redoc_shows_each_operation(void **state)
{
	(void)state;
	see(&(struct sight){ &redoc, 1280, false });
	unfold_all();
	assert_none(redoc_leaves_out);
	assert_none(odd_example);
	assert_no_faults();
}

#define FITS(sentence, page, width) \
	ROW_OF(sentence, fits, (&(struct sight){ &(page), width, false }))
#define READS(sentence, page) ROW_OF(sentence, can_be_read, (&(struct sight){ &(page), 390, true }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		FITS("/ fits a phone", first, 390),
		FITS("/ fits a small phone", first, 320),
		ROW("/docs shows each operation with all statuses, headers and parameters, on "
		    "phones too",
		    swagger_shows_each_operation),
		FITS("/docs with its schemas folded out fits a small phone", schemas, 320),
		FITS("/redoc with all folded out fits a phone", redoc, 390),
		FITS("/redoc with all folded out fits a small phone", redoc, 320),
		FITS("/redoc with all folded out fits a screen", redoc, 1280),
		ROW("/redoc shows each operation with all statuses and headers",
		    redoc_shows_each_operation),
		ROW_OF("/docs says what to do when its bundle is missing", says_what_is_missing,
		       "/docs"),
		ROW_OF("/redoc says what to do when its bundle is missing", says_what_is_missing,
		       "/redoc"),
		READS("/ can be read in the dark", first),
		READS("/docs can be read in the dark", swagger),
		READS("/redoc can be read in the dark", redoc),
		ROW("signing in on /docs asks for a name and a password, or a key, and for no "
		    "client",
		    asks_for_what_is_shown),
		ROW("who signed in on /docs is that after a reload too, until signing out, and the "
		    "password is not kept",
		    signs_in_and_out),
		ROW("/docs says that a password is wrong", says_that_the_password_is_wrong),
	};

	return rows_run_with("docs/pages", rows, sizeof(rows) / sizeof(rows[0]), open_stage,
			     close_stage);
}
