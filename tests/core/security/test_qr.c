/* QR codes: the picture has the modules that qrencode prints, and nothing that could run. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "core/qr.h"
#include "testing/rows.h"
#include "testing/scene.h"

enum { SIDE_MOST = 120 };

static const char URI[] = "otpauth://totp/croft:ada?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
			  "&issuer=croft";

static struct scene scene;

static int setup(void **state)
{
	(void)state;
	scene_open(&scene);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	scene_close(&scene);
	return 0;
}

/* A picture as lines of text, as qrencode prints them: two signs a module. */
static int paint(const char *svg, char lines[SIDE_MOST][2 * SIDE_MOST + 1])
{
	int side, x, y, width, used;
	const char *at = strstr(svg, "viewBox=\"0 0 ");
	assert_non_null(at);
	assert_int_equal(sscanf(at, "viewBox=\"0 0 %d", &side), 1);
	assert_in_range(side, 1, SIDE_MOST);
	memset(lines, ' ', SIDE_MOST * (2 * SIDE_MOST + 1));
	at = strstr(svg, "stroke=\"#000\" d=\"") + strlen("stroke=\"#000\" d=\"");
	for (; sscanf(at, "M%d %d.5h%d%n", &x, &y, &width, &used) == 3; at += used) {
		assert_in_range(x + width, 1, side);
		assert_in_range(y, 0, side - 1);
		memset(lines[y] + 2 * x, '#', 2 * (size_t)width);
	}
	assert_string_equal(at, "\"/></svg>");
	for (y = 0; y < side; y++)
		lines[y][2 * side] = '\0';
	return side;
}

static void qrencode_agrees(void **state)
{
	(void)state;
	if (access("/usr/bin/qrencode", X_OK))
		skip();
	char *svg, lines[SIDE_MOST][2 * SIDE_MOST + 1], line[2 * SIDE_MOST + 2];
	assert_int_equal(qr_svg(&scene.c, URI, &svg), APP_OK);
	int side = paint(svg, lines);
	FILE *told = popen(arena_printf(scene.c.arena,
					"/usr/bin/qrencode -8 -l M -m 4 -t ASCII -o - '%s'", URI),
			   "r");
	assert_non_null(told);
	for (int y = 0; y < side; y++) {
		assert_non_null(fgets(line, sizeof(line), told));
		line[strcspn(line, "\n")] = '\0';
		assert_string_equal(lines[y], line);
	}
	assert_null(fgets(line, sizeof(line), told));
	assert_int_equal(pclose(told), 0);
}

static void a_picture_is_small(void **state)
{
	(void)state;
	char *svg;
	assert_int_equal(qr_svg(&scene.c, URI, &svg), APP_OK);
	assert_in_range(strlen(svg), 500, 8 * 1024);
}

/* Nothing of the text is in the picture as text. */
static void a_picture_is_nothing_else(void **state)
{
	(void)state;
	char *svg;
	const char *text = "<script>alert(1)</script>\"/>&";
	assert_int_equal(qr_svg(&scene.c, text, &svg), APP_OK);
	assert_non_null(strstr(svg, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 "));
	assert_null(strstr(svg, "script"));
	assert_null(strchr(svg, '&'));
	assert_null(strstr(svg, "style"));
	assert_null(strstr(svg, "href"));
}

static void the_longest_text_fits(void **state)
{
	(void)state;
	char text[QR_TEXT_MAX + 2], *svg, lines[SIDE_MOST][2 * SIDE_MOST + 1];
	memset(text, 'x', sizeof(text));
	text[QR_TEXT_MAX] = '\0';
	assert_int_equal(qr_svg(&scene.c, text, &svg), APP_OK);
	assert_in_range(strlen(svg), 1, QR_SVG_MAX);
	assert_int_equal(paint(svg, lines), 101 + 2 * 4);
}

static void is_refused(const char *text)
{
	char *svg = NULL;
	assert_int_equal(qr_svg(&scene.c, text, &svg), APP_INVALID);
	assert_string_equal(scene.c.failure.text, "a QR code holds 1 to 700 bytes here");
	assert_null(svg);
}

static void a_longer_text_is_refused(void **state)
{
	(void)state;
	char text[QR_TEXT_MAX + 2];
	memset(text, 'x', sizeof(text));
	text[QR_TEXT_MAX + 1] = '\0';
	is_refused(text);
}

static void nothing_is_refused(void **state)
{
	(void)state;
	is_refused("");
}

#define SCENE(sentence, fn) \
	{ \
		sentence, fn, setup, teardown, NULL \
	}

int main(void)
{
	const struct CMUnitTest rows[] = {
		SCENE("the modules are those that qrencode prints", qrencode_agrees),
		SCENE("a picture takes a few KB", a_picture_is_small),
		SCENE("a picture is strokes, and nothing else", a_picture_is_nothing_else),
		SCENE("the longest text fits", the_longest_text_fits),
		SCENE("a longer text is refused", a_longer_text_is_refused),
		SCENE("no text is refused", nothing_is_refused),
	};
	return rows_run("core/security/qr", rows, COUNT_OF(rows));
}
