/* Letters as they are written down, and what is in none. */
#include "core/mailer.h"

#include <string.h>

#include "base/arena.h"
#include "testing/rows.h"

static const char *rendered(struct arena *arena, const char *name, const struct letter *letter)
{
	struct buf out;
	buf_init(&out, arena);
	letter_render(letter, name, "noreply@croft.example",
		      (struct instant){ SECONDS_US(INT64_C(784111777)) }, &out);
	return buf_text(&out);
}

#define HEAD(name, subject) \
	"From: " name " <noreply@croft.example>\r\nTo: ada@x.example\r\n" \
	"Subject: " subject "\r\nDate: Sun, 06 Nov 1994 08:49:37 +0000\r\nMessage-ID: <"

struct head_case {
	const char *name, *subject, *head;
};

static void has_head(void **state)
{
	const struct head_case *t = *state;
	struct arena arena;
	arena_init(&arena, 0);
	const struct letter letter = { "ada@x.example", t->subject, "one\ntwo", "<p>\n" };
	assert_null(letter_fault(&letter));
	const char *text = rendered(&arena, t->name, &letter);
	assert_memory_equal(text, t->head, strlen(t->head));
	arena_done(&arena);
}

/* Each line ends as RFC 5322 has it, and both forms are there. */
static void has_parts(void **state)
{
	(void)state;
	struct arena arena;
	arena_init(&arena, 0);
	const struct letter letter = { "a@x.example", "S", "one\ntw\u00F6\n", "<p>&amp;\n" };
	const char *text = rendered(&arena, "croft", &letter);
	assert_non_null(strstr(text, "Content-Type: text/plain; charset=utf-8\r\n"
				     "Content-Transfer-Encoding: 8bit\r\n\r\n"
				     "one\r\ntw\u00F6\r\n--"));
	assert_non_null(strstr(text, "Content-Type: text/html; charset=utf-8\r\n"
				     "Content-Transfer-Encoding: 8bit\r\n\r\n<p>&amp;\r\n--"));
	for (const char *at = text; (at = strchr(at, '\n')); at++)
		assert_int_equal(at[-1], '\r');
	arena_done(&arena);
}

static void is_refused(void **state)
{
	assert_non_null(letter_fault(*state));
}

struct fill_case {
	const char *text, *filled;
};

static void is_filled(void **state)
{
	const struct fill_case *t = *state;
	const struct letter_value values[] = {
		{ "name", "{{7*7}} {{{x}}} {{other}} %n%s <img onerror=x>" },
		{ "lines", "a\r\nBcc: b@x.example\u2028\u202Ec" },
		{ "other", "o" },
		{ 0 },
	};
	struct arena arena;
	arena_init(&arena, 0);
	assert_string_equal(letter_fill(&arena, t->text, values), t->filled);
	arena_done(&arena);
}

static void is_escaped(void **state)
{
	(void)state;
	struct arena arena;
	arena_init(&arena, 0);
	assert_string_equal(
		letter_html(&arena, "a <b> & \"c\"\n\nhttps://x.example/?a=1&b#c\n"
				    "https://x.example not\n"),
		"<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\">\n<p>\n"
		"a &lt;b&gt; &amp; &quot;c&quot;\n</p>\n<p>\n"
		"<a href=\"https://x.example/?a=1&amp;b#c\">https://x.example/?a=1&amp;b#c</a>\n"
		"https://x.example not\n</p>\n</html>\n");
	arena_done(&arena);
}

#define HEADED(sentence, ...) ROW_OF(sentence, has_head, (&(struct head_case){ __VA_ARGS__ }))
#define REFUSED(sentence, ...) \
	ROW_OF("S39 " sentence " is no letter", is_refused, (&(struct letter){ __VA_ARGS__ }))
#define FILLED(sentence, ...) ROW_OF(sentence, is_filled, (&(struct fill_case){ __VA_ARGS__ }))
#define TO(address) address, "S", "t", "h"
#define SUBJECT(subject) "ada@x.example", subject, "t", "h"
#define TEN "0123456789"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
#define THOUSAND HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED

int main(void)
{
	const struct CMUnitTest rows[] = {
		HEADED("a letter has a head", "croft", "Hello: you",
		       HEAD("\"croft\"", "Hello: you")),
		HEADED("what is not ASCII is encoded, and no letter is parted", "M\u00FCller",
		       "\u00FCber den Wolken \u00FC",
		       HEAD("=?utf-8?q?=4D=C3=BC=6C=6C=65=72?=",
			    "=?utf-8?q?=C3=BC=62=65=72=20=64=65=6E=20=57=6F=6C=6B=65=6E=20=C3=BC"
			    "?=")),
		HEADED("so is a quote, and what looks encoded", "a\"b", "=?utf-8?q?=41?=",
		       HEAD("=?utf-8?q?=61=22=62?=", "=?utf-8?q?=3D=3F=75=74=66=2D=38=3F=71=3F=3D="
						     "34=31=3F=3D?=")),
		ROW("a letter has its text and the same as HTML", has_parts),
		REFUSED("one to an address with an end of line",
			TO("ada@x.example\r\nBcc: eve@x.example")),
		REFUSED("one to an address with a line feed", TO("ada@x.example\n")),
		REFUSED("one to two addresses", TO("ada@x.example,eve@x.example")),
		REFUSED("one to an address with a name", TO("Ada <ada@x.example>")),
		REFUSED("one to two of one name", TO("ada@x.example@y.example")),
		REFUSED("one to nobody", TO("")),
		REFUSED("one that looks like an option", TO("-froot@x.example")),
		REFUSED("one with a header in its subject", SUBJECT("S\r\nBcc: eve@x.example")),
		REFUSED("one with an end of line of Unicode there", SUBJECT("S\u2028T")),
		REFUSED("one with broken UTF-8 there", SUBJECT("S\xC3")),
		REFUSED("one with a carriage return in its text", "a@x.example", "S", "a\rb", "h"),
		REFUSED("one with an endless line", "a@x.example", "S", THOUSAND, "h"),
		FILLED("S41 what a value says is not read", "Hello {{name}}!",
		       "Hello {{7*7}} {{{x}}} {{other}} %n%s <img onerror=x>!"),
		FILLED("a value is one line", "[{{lines}}]", "[aBcc: b@x.examplec]"),
		FILLED("what is no name stays", "{{ name }} {{nobody}} {{other",
		       "{{ name }} {{nobody}} {{other"),
		ROW("S41 HTML has nothing of a value but its letters", is_escaped),
	};
	return rows_run("core/mailer/message", rows, sizeof(rows) / sizeof(rows[0]));
}
