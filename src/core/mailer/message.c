/* A letter as the wire and a file have it (RFC 5322, 2045 to 2047), and what may be in one. */
#include <stdio.h>
#include <string.h>

#include "base/id.h"
#include "base/str.h"
#include "core/mailer.h"

/* RFC 5322 §2.1.1; RFC 2047 §2 has 75 for a word of a header, of which the frame takes 12. */
enum { LINE_MAX_BYTES = 998, ADDRESS_MAX_BYTES = 254, SUBJECT_MAX_BYTES = 400, WORD_BYTES = 20 };

/* ---- what may be in one ---- */

static bool is_one_line(const char *text)
{
	size_t len = strlen(text);
	uint32_t point;
	for (size_t at = 0, took; at < len; at += took) {
		took = str_utf8_next(text + at, len - at, &point);
		if (!took || str_is_unprintable(point))
			return false;
	}
	return true;
}

static bool is_address(const char *text)
{
	const char *at = strchr(text, '@');
	return at && at != text && at[1] && !strchr(at + 1, '@') && *text != '-' &&
	       strlen(text) <= ADDRESS_MAX_BYTES && is_one_line(text) &&
	       !strpbrk(text, " <>()[],;:\\\"");
}

static bool lines_are_short(const char *text)
{
	for (;;) {
		size_t len = strcspn(text, "\n");
		if (len > LINE_MAX_BYTES || memchr(text, '\r', len))
			return false;
		if (!text[len])
			return true;
		text += len + 1;
	}
}

const char *letter_fault(const struct letter *letter)
{
	if (!is_address(letter->to))
		return "whom it is for is no address";
	if (!is_one_line(letter->subject) || strlen(letter->subject) > SUBJECT_MAX_BYTES)
		return "the subject is no single line, or too long";
	if (!lines_are_short(letter->text) || !lines_are_short(letter->html))
		return "a line of it is too long, or has a carriage return in it";
	return NULL;
}

/* ---- writing it down ---- */

static bool is_plain(const char *text)
{
	for (; *text; text++)
		if (*text < ' ' || *text > '~' || *text == '"' || *text == '\\')
			return false;
	return true;
}

/* RFC 2047 §4.2; no word parts a code point. */
static void add_word(struct buf *out, const char *text)
{
	size_t len = strlen(text);
	while (len) {
		size_t part = str_utf8_cut(text, len, WORD_BYTES);
		part += !part;
		buf_add_lit(out, "=?utf-8?q?");
		for (size_t i = 0; i < part; i++)
			buf_printf(out, "=%02X", (unsigned char)text[i]);
		buf_add_lit(out, "?=");
		text += part;
		len -= part;
		if (len)
			buf_add_lit(out, "\r\n ");
	}
}

static void add_name(struct buf *out, const char *name)
{
	if (is_plain(name))
		buf_printf(out, "\"%s\"", name);
	else
		add_word(out, name);
}

static void add_subject(struct buf *out, const char *subject)
{
	buf_add_lit(out, "Subject: ");
	/* a text that looks like such a word would be read as one */
	if (is_plain(subject) && !strstr(subject, "=?") && strlen(subject) <= LINE_MAX_BYTES / 2)
		buf_add_text(out, subject);
	else
		add_word(out, subject);
	buf_add_lit(out, "\r\n");
}

static void add_part(struct buf *out, const char *boundary, const char *type, const char *text)
{
	buf_printf(out,
		   "--%s\r\nContent-Type: %s; charset=utf-8\r\n"
		   "Content-Transfer-Encoding: 8bit\r\n\r\n",
		   boundary, type);
	while (*text) {
		size_t len = strcspn(text, "\n");
		buf_add(out, text, len);
		buf_add_lit(out, "\r\n");
		text += len + (text[len] == '\n');
	}
}

static void add_date(struct buf *out, struct instant at)
{
	char date[HTTP_DATE_ROOM];
	instant_http_text(at, date);
	buf_printf(out, "Date: %.*s+0000\r\n", (int)strlen(date) - 3, date);
}

void letter_render(const struct letter *letter, const char *name, const char *from,
		   struct instant at, struct buf *out)
{
	char id[ID_ROOM], boundary[ID_ROOM];
	id_new(id);
	id_new(boundary);
	buf_add_lit(out, "From: ");
	add_name(out, name);
	buf_printf(out, " <%s>\r\nTo: %s\r\n", from, letter->to);
	add_subject(out, letter->subject);
	add_date(out, at);
	buf_printf(out,
		   "Message-ID: <%s%s>\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
		   "Content-Type: multipart/alternative; boundary=\"%s\"\r\n\r\n",
		   id, strchr(from, '@'), boundary);
	add_part(out, boundary, "text/plain", letter->text);
	add_part(out, boundary, "text/html", letter->html);
	buf_printf(out, "--%s--\r\n", boundary);
}
