/*
 * QR codes through libqrencode, drawn as one path of strokes: a run of dark modules is one line.
 */
#include "core/qr.h"

#include <assert.h>
#include <errno.h>
#include <qrencode.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"

enum {
	EDGE = 4,
	/* of a side, for QR_TEXT_MAX bytes at level M, which is version 21 */
	MODULES_MAX = 101,
	/* "M104 104.5h101" */
	RUN_BYTES_MAX = 14,
	FRAME_BYTES_MAX = 300,
};

static_assert(QR_SVG_MAX >= FRAME_BYTES_MAX + MODULES_MAX * (MODULES_MAX + 1) / 2 * RUN_BYTES_MAX,
	      "the largest picture");

static void add_row(struct buf *out, const unsigned char *row, int width, int y)
{
	for (int x = 0, from; x < width; x++) {
		for (from = x; x < width && row[x] & 1; x++)
			;
		if (x > from)
			buf_printf(out, "M%d %d.5h%d", from + EDGE, y + EDGE, x - from);
	}
}

static char *draw(struct arena *arena, const QRcode *code)
{
	struct buf out;
	int side = code->width + 2 * EDGE;
	buf_init(&out, arena);
	buf_printf(&out,
		   "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\""
		   " shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/>"
		   "<path stroke=\"#000\" d=\"",
		   side, side, side, side);
	for (int y = 0; y < code->width; y++)
		add_row(&out, code->data + y * code->width, code->width, y);
	buf_add_lit(&out, "\"/></svg>");
	assert(out.len <= QR_SVG_MAX);
	return arena_strdup(arena, buf_text(&out));
}

enum app_err qr_svg(struct ctx *c, const char *text, char **ret_svg)
{
	size_t len = strlen(text);
	if (!len || len > QR_TEXT_MAX)
		return ctx_fail(c, APP_INVALID, "a QR code holds 1 to %d bytes here", QR_TEXT_MAX);
	QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
	/* of these sizes it can only want for memory */
	if (!code)
		mem_out(len);
	*ret_svg = draw(c->arena, code);
	QRcode_free(code);
	return APP_OK;
}
