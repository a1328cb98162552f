/* The reader of CSV; see csv.h. Knows of no columns. */
#include "csv.h"

#include <string.h>

#include "base/arena.h"

void csv_init(struct csv *csv, const char *text, size_t len)
{
	static const char mark[] = "\xEF\xBB\xBF";
	if (!len)
		text = ""; /* may be NULL */
	bool is_marked = len >= strlen(mark) && !memcmp(text, mark, strlen(mark));
	*csv = (struct csv){ text + (is_marked ? strlen(mark) : 0), text + len, 1 };
}

/* What two quotes stand for in a quoted cell. */
static const char *without_doubled(struct arena *arena, const char *text, size_t *len)
{
	char *copy = arena_raw(arena, *len);
	size_t count = 0;
	for (size_t i = 0; i < *len; i++) {
		copy[count++] = text[i];
		i += text[i] == '"';
	}
	*len = count;
	return copy;
}

static bool ends_cell(char byte)
{
	return byte == ',' || byte == '\r' || byte == '\n';
}

static void count_lines(struct csv *csv, const struct csv_cell *cell)
{
	const char *at = cell->text, *end = at + cell->len;
	for (; (at = memchr(at, '\n', (size_t)(end - at))); at++)
		csv->line++;
}

/* Behind the opening quote. Returns what is wrong, or NULL. */
static const char *read_quoted(struct csv *csv, struct arena *arena, struct csv_cell *ret)
{
	const char *start = ++csv->at, *quote;
	bool is_doubled = false;
	while ((quote = memchr(csv->at, '"', (size_t)(csv->end - csv->at)))) {
		csv->at = quote + 1;
		if (csv->at == csv->end || *csv->at != '"')
			break;
		csv->at++;
		is_doubled = true;
	}
	if (!quote)
		return "a quotation mark is opened and never closed";
	*ret = (struct csv_cell){ start, (size_t)(quote - start) };
	count_lines(csv, ret);
	if (is_doubled)
		ret->text = without_doubled(arena, start, &ret->len);
	return csv->at < csv->end && !ends_cell(*csv->at)
		       ? "something follows a closing quotation mark"
		       : NULL;
}

static const char *read_plain(struct csv *csv, struct csv_cell *ret)
{
	const char *start = csv->at;
	while (csv->at < csv->end && !ends_cell(*csv->at) && *csv->at != '"')
		csv->at++;
	*ret = (struct csv_cell){ start, (size_t)(csv->at - start) };
	return csv->at < csv->end && *csv->at == '"'
		       ? "a quotation mark stands in a cell that does not begin with one"
		       : NULL;
}

/* Returns what is wrong; *ret_last: it was the last cell of its record. */
static const char *read_end(struct csv *csv, bool *ret_last)
{
	*ret_last = true;
	if (csv->at == csv->end)
		return NULL;
	char byte = *csv->at++;
	*ret_last = byte != ',';
	if (byte == '\r') {
		if (csv->at == csv->end || *csv->at != '\n')
			return "a carriage return stands there without a line feed";
		csv->at++;
	}
	csv->line += *ret_last;
	return NULL;
}

static const char *read_cells(struct csv *csv, struct arena *arena, struct csv_record *ret)
{
	const char *start = csv->at, *fault = NULL;
	for (bool is_last = false; !fault && !is_last;) {
		if (ret->count == RECORDS_COLUMNS_MAX)
			return "it has too many cells";
		struct csv_cell *cell = &ret->cells[ret->count++];
		bool is_quoted = csv->at < csv->end && *csv->at == '"';
		fault = is_quoted ? read_quoted(csv, arena, cell) : read_plain(csv, cell);
		if (!fault)
			fault = read_end(csv, &is_last);
		if (!fault && csv->at - start > RECORDS_LINE_MAX)
			fault = "it is too long";
	}
	return fault;
}

static bool skip_empty_lines(struct csv *csv)
{
	for (; csv->at < csv->end; csv->at++, csv->line++) {
		bool has_return = *csv->at == '\r' && csv->at + 1 < csv->end && csv->at[1] == '\n';
		csv->at += has_return;
		if (*csv->at != '\n')
			break;
	}
	return csv->at < csv->end;
}

bool csv_next(struct csv *csv, struct arena *arena, struct csv_record *ret)
{
	if (!skip_empty_lines(csv))
		return false;
	ret->line = csv->line;
	ret->count = 0;
	ret->fault = read_cells(csv, arena, ret);
	if (ret->fault)
		csv->at = csv->end;
	return true;
}
