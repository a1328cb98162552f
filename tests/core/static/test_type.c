/* Media types of files. */
#include "core/static/type.h"

#include "base/attr.h"
#include "testing/rows.h"

struct file_case {
	const char *path, *type;
};

static void knows_ending(void **state)
{
	const struct file_case *row = *state;

	assert_string_equal(static_type_of(row->path), row->type);
}

#define ENDING(sentence, ...) ROW_OF(sentence, knows_ending, (&(struct file_case){ __VA_ARGS__ }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		ENDING("a page", "index.html", "text/html; charset=utf-8"),
		ENDING("a script below a folder", "js/app.min.js",
		       "text/javascript; charset=utf-8"),
		ENDING("letter case plays no part", "LOGO.SVG", "image/svg+xml"),
		ENDING("a font", "f.woff2", "font/woff2"),
		ENDING("an unknown ending is bytes", "a.xyz", "application/octet-stream"),
		ENDING("no ending is bytes", "LICENSE", "application/octet-stream"),
		ENDING("a dot in a folder is no ending", "v1.html/file",
		       "application/octet-stream"),
		ENDING("a dot at the end is no ending", "a.", "application/octet-stream"),
	};

	return rows_run("core/static/type", rows, COUNT_OF(rows));
}
