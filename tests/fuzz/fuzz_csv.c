/*
 * Fuzz target of CSV. An automaton after the grammar of RFC 4180, byte by byte, says which records
 * there are and whether they are in order; records that are written down again, each cell in
 * quotes, are read as the same; and each begins on the line that its place in the text has.
 */
#include "fuzz/target.h"

#include "base/arena.h"
#include "base/buf.h"
#include "core/records/csv.h"

/* Cells as a text: each ends with byte 1, each record with byte 2. */
enum { CELL_END = 1, RECORD_END = 2 };

/* ---- by the grammar ---- */

enum state { AT_RECORD, AT_CELL, IN_PLAIN, IN_QUOTED, AT_QUOTE, AT_RETURN, BROKEN };

static enum state end_cell(char byte, struct buf *out)
{
	if (byte == '\r')
		return AT_RETURN;
	buf_add_char(out, CELL_END);
	if (byte == ',')
		return AT_CELL;
	buf_add_char(out, RECORD_END);
	return AT_RECORD;
}

static enum state step(enum state state, char byte, struct buf *out)
{
	bool is_end = byte == ',' || byte == '\r' || byte == '\n';
	switch (state) {
	case AT_RECORD:
		if (byte == '\n')
			return AT_RECORD;
		/* fall through */
	case AT_CELL:
		if (byte == '"')
			return IN_QUOTED;
		/* fall through */
	case IN_PLAIN:
		if (is_end)
			return end_cell(byte, out);
		buf_add_char(out, byte);
		return byte == '"' ? BROKEN : IN_PLAIN;
	case IN_QUOTED:
		if (byte == '"')
			return AT_QUOTE;
		buf_add_char(out, byte);
		return IN_QUOTED;
	case AT_QUOTE:
		if (is_end)
			return end_cell(byte, out);
		buf_add_char(out, '"');
		return byte == '"' ? IN_QUOTED : BROKEN;
	case AT_RETURN: return byte == '\n' ? end_cell(byte, out) : BROKEN;
	case BROKEN: break;
	}
	return BROKEN;
}

/* Whether all of it is in order. */
static bool read_plainly(const char *text, size_t len, struct buf *out)
{
	enum state state = AT_RECORD;
	for (size_t i = 0; i < len && state != BROKEN; i++) {
		bool is_empty_line = state == AT_RECORD && text[i] == '\r' && i + 1 < len &&
				     text[i + 1] == '\n';
		state = is_empty_line ? AT_RECORD : step(state, text[i], out);
	}
	if (state == AT_CELL || state == IN_PLAIN || state == AT_QUOTE)
		end_cell('\n', out);
	return state != BROKEN && state != IN_QUOTED && state != AT_RETURN;
}

/* ---- by ours ---- */

static void add_record(const struct csv_record *record, struct buf *cells, struct buf *csv)
{
	for (size_t i = 0; i < record->count; i++) {
		const struct csv_cell *cell = &record->cells[i];
		buf_add(cells, cell->text, cell->len);
		buf_add_char(cells, CELL_END);
		buf_add_text(csv, i ? ",\"" : "\"");
		for (size_t k = 0; k < cell->len; k++) {
			buf_add_char(csv, cell->text[k]);
			if (cell->text[k] == '"')
				buf_add_char(csv, '"');
		}
		buf_add_char(csv, '"');
	}
	buf_add_char(cells, RECORD_END);
	buf_add_text(csv, "\r\n");
}

static int64_t line_at(const char *text, const char *at)
{
	int64_t line = 1;
	for (; text < at; text++)
		line += *text == '\n';
	return line;
}

/* The fault that ended it, or NULL. `again` gets the records written down once more. */
static const char *read_ours(const char *text, size_t len, struct buf *cells, struct buf *again)
{
	AUTO(arena) arena = { 0 };
	struct csv csv;
	struct csv_record record = { 0 };
	int64_t last = 0;
	csv_init(&csv, text, len);
	while (csv_next(&csv, &arena, &record)) {
		assert(record.line > last);
		last = record.line;
		if (record.fault)
			return record.fault;
		assert(record.count > 0 && record.count <= RECORDS_COLUMNS_MAX);
		assert(csv.line == line_at(text, csv.at));
		add_record(&record, cells, again);
	}
	return NULL;
}

static bool is_same(const struct buf *a, const struct buf *b)
{
	return a->len == b->len && (!a->len || !memcmp(a->data, b->data, a->len));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);
	AUTO(buf) plain = { 0 };
	AUTO(buf) ours = { 0 };
	AUTO(buf) again = { 0 };
	AUTO(buf) twice = { 0 };
	AUTO(buf) unused = { 0 };
	size_t mark = size >= 3 && !memcmp(text, "\xEF\xBB\xBF", 3) ? 3 : 0;
	bool is_fine = read_plainly(text + mark, size - mark, &plain);
	const char *fault = read_ours(text, size, &ours, &again);
	bool is_bound = fault && !strncmp(fault, "it ", 3);
	assert(is_bound || is_fine == !fault);
	assert(fault || is_same(&plain, &ours));
	assert(!read_ours(again.data, again.len, &twice, &unused) || again.len > RECORDS_LINE_MAX);
	assert(is_same(&ours, &twice) || again.len > RECORDS_LINE_MAX);
	free(text);
	return 0;
}
