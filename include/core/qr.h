/* QR codes (ISO/IEC 18004) as pictures that need nothing else: no script, no style, no link. */
#ifndef CROFT_CORE_QR_H
#define CROFT_CORE_QR_H

#include "base/attr.h"
#include "base/ctx.h"

/* A picture takes some 6 KB for a text of 100 bytes, and never more than this. */
enum { QR_TEXT_MAX = 700, QR_SVG_MAX = 80 * 1024 };

/*
 * The text as an SVG in the arena, with the light edge of four modules. APP_INVALID when it is
 * empty or longer than QR_TEXT_MAX.
 */
enum app_err qr_svg(struct ctx *c, const char *text, char **ret_svg) MUST_USE;

#endif
