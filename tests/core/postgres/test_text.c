/*
 * Where statements end in SQL for PostgreSQL: at semicolons that are no part of a text, a name, a
 * comment or a body.
 */
#include "testing/rows.h"

#include <string.h>

#include "core/postgres/internal.h"

struct text_case {
	const char *sql, *rest; /* what stands behind the first statement */
};

static void ends_where_it_ends(void **state)
{
	const struct text_case *row = *state;
	const char *end = row->sql + strlen(row->sql);
	assert_string_equal(postgres_text_end(row->sql, end), row->rest);
}

#define ENDS(sentence, sql, rest) \
	ROW_OF(sentence, ends_where_it_ends, (&(struct text_case){ sql, rest }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		ENDS("at the semicolon", "A; B", " B"),
		ENDS("at the end of the text", "A", ""),
		ENDS("not in a text", "A ';' ; B", " B"),
		ENDS("not behind a quote in a text", "A 'x'';' ; B", " B"),
		ENDS("not in a name", "A \"x\"\";\" ; B", " B"),
		ENDS("a backslash in a plain text is one", "A '\\'; B", " B"),
		ENDS("one in a text with escapes protects", "A E'\\';' ; B", " B"),
		ENDS("also behind a doubled quote", "A e'x''\\';' ; B", " B"),
		ENDS("and in the part that goes on in the next line", "A E'x'\n '\\';' ; B", " B"),
		ENDS("a part in the same line is a text of its own", "A E'x' '\\'; B", " B"),
		ENDS("an E at the end of a word is no escape", "A nameE'\\'; B", " B"),
		ENDS("not in a comment", "A -- ;\n /* ; /* ; */ ; */ ; B", " B"),
		ENDS("not in a body", "A $$ ; $x$ ; $$ ; B", " B"),
		ENDS("not in one with a tag", "A $x$ ; $$ ; $x$ ; B", " B"),
		ENDS("a dollar sign in a word begins none", "A a$$ ; B", " B"),
		ENDS("behind a number it begins one", "A 1$$ ; $$ ; B", " B"),
		ENDS("behind a parameter, too", "A $1$$ ; $$ ; B", " B"),
	};
	return rows_run("core/postgres/text", rows, COUNT_OF(rows));
}
