/*
 * Records of CSV and of JSON lines: each with its line, bound or refused. What is expected is one
 * text, a line for each record: "2 {'name':…}", or what is wrong with it.
 */
#include "core/records.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "core/schema.h"
#include "testing/json.h"
#include "testing/rows.h"
#include "testing/scene.h"

struct thing {
	const char *name;
	const char *note;
	int64_t size;
	bool is_big;
	int64_t number; /* filled in, and no column */
};

SCHEMA(thing,
	FIELD(struct thing, name, .in = IN_FORM, .required = true, .max_len = 20),
	FIELD(struct thing, note, .in = IN_FORM, .nullable = true, .secret = true),
	FIELD(struct thing, size, .in = IN_FORM, .preset = "7"),
	FIELD(struct thing, is_big, .in = IN_FORM, .preset = "false"),
	FIELD(struct thing, number, .in = NOT_INPUT));

struct text_case {
	enum records_form form;
	const char *text;
	size_t len;
	const char *expected;
};

static void add_failure(struct ctx *c, enum app_err err, struct buf *out)
{
	const struct field_fault *fault = c->failure.fields;
	if (!fault)
		buf_add_text(out, ctx_failure_text(c, err));
	for (; fault; fault = fault->next)
		buf_printf(out, "%s %s;", fault->loc, fault->msg);
	buf_add_lit(out, "\n");
	ctx_recover(c);
}

static void add_thing(const struct thing *thing, struct buf *out)
{
	buf_printf(out, "{\"%s\",%s,%" PRId64 ",%d}\n", thing->name,
		   thing->note ? thing->note : "null", thing->size, thing->is_big);
}

static void read_all(struct ctx *c, const struct text_case *of, const char *text, struct buf *out)
{
	struct records records;
	struct thing thing;
	bool found = true;
	enum app_err err = records_open(c, of->form, text, of->len, &thing_schema, &records);
	if (err) {
		add_failure(c, err, out);
		return;
	}
	while (found) {
		err = records_next(c, &records, &thing, &found);
		if (!found)
			break;
		buf_printf(out, "%" PRId64 " ", records.line);
		if (err)
			add_failure(c, err, out);
		else
			add_thing(&thing, out);
	}
}

/* The text is copied to a block of its own size, so that a read past its end is seen. */
static void reads(void **state)
{
	const struct text_case *of = *state;
	struct scene scene;
	scene_open(&scene);
	AUTO(buf) out = { 0 };
	char *text = malloc(of->len ? of->len : 1);
	assert_non_null(text);
	memcpy(text, of->text, of->len);
	if (of->form == RECORDS_JSON_LINES)
		json_swap_bytes(text, of->len);
	read_all(&scene.c, of, text, &out);
	assert_string_equal(json_swapped(&scene.arena, buf_text(&out)), of->expected);
	free(text);
	scene_close(&scene);
}

#define READS(sentence, form, text, expected) \
	ROW_OF(sentence, reads, (&(struct text_case){ form, text, sizeof(text) - 1, expected }))
#define CSV(sentence, text, expected) READS(sentence, RECORDS_CSV, text, expected)
#define LINES(sentence, text, expected) READS(sentence, RECORDS_JSON_LINES, text, expected)

#define TEN "0123456789"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
#define THOUSAND HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED
#define TEN_THOUSAND \
	THOUSAND THOUSAND THOUSAND THOUSAND THOUSAND THOUSAND THOUSAND THOUSAND THOUSAND THOUSAND
#define LONG \
	TEN_THOUSAND TEN_THOUSAND TEN_THOUSAND TEN_THOUSAND TEN_THOUSAND TEN_THOUSAND TEN_THOUSAND
#define CELLS_64 ",,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,"

static const struct CMUnitTest csv_rows[] = {
	CSV("a record", "name,size\na,5\n", "2 {'a',null,5,0}\n"),
	CSV("columns in another order, and the last line not ended", "is_big,name\ntrue,a",
	    "2 {'a',null,7,1}\n"),
	CSV("lines that end as RFC 4180 has them", "name,size\r\na,5\r\nb,6\r\n",
	    "2 {'a',null,5,0}\n3 {'b',null,6,0}\n"),
	CSV("a byte order mark", "\xEF\xBB\xBFname\na\n", "2 {'a',null,7,0}\n"),
	CSV("a byte order mark before a quotation mark", "\xEF\xBB\xBF\"name\"\na\n",
	    "2 {'a',null,7,0}\n"),
	CSV("commas and quotation marks in quotes", "name,note\n\"a, b\",\"x \"\"y\"\"\"\n",
	    "2 {'a, b',x 'y',7,0}\n"),
	CSV("line ends in quotes, and the lines behind them",
	    "name,note\n\"a\nb\",\"x\r\ny\"\nc,\n", "2 {'a\nb',x\r\ny,7,0}\n5 {'c',null,7,0}\n"),
	CSV("an empty cell is absent", "name,note,size\na,,\n\"b\",\"\",\"\"\n",
	    "2 {'a',null,7,0}\n3 {'b',null,7,0}\n"),
	CSV("lines without anything are passed over", "\n\r\nname\n\n\na\n\n",
	    "6 {'a',null,7,0}\n"),
	CSV("the first line alone", "name,size\n", ""),
	CSV("faults of fields, and the next record", "name,size,is_big\n,x,maybe\na,1,1\n",
	    "2 ['body','name'] Field required;['body','size'] Input should be a valid integer, "
	    "unable to parse string as an integer;['body','is_big'] Input should be a valid "
	    "boolean, unable to interpret input;\n3 {'a',null,1,1}\n"),
	CSV("a NUL and what is no UTF-8", "name\na\0b\n\xFF\n",
	    "2 ['body','name'] Input should be a valid string, unable to parse raw data as a "
	    "unicode string;\n3 ['body','name'] Input should be a valid string, unable to parse "
	    "raw data as a unicode string;\n"),
	CSV("cells too few and too many", "name,size\na\nb,1,2\nc,3\n",
	    "2 it has 1 cells, and the first line names 2 columns\n3 it has 3 cells, and the "
	    "first line names 2 columns\n4 {'c',null,3,0}\n"),
	CSV("something behind quotes", "name\na\n\"b\"c\nd\n",
	    "2 {'a',null,7,0}\n3 something follows a closing quotation mark; nothing behind it "
	    "was read\n"),
	CSV("a NUL behind quotes", "name\n\"b\"\0\n",
	    "2 something follows a closing quotation mark; nothing behind it was read\n"),
	CSV("a quotation mark within", "name\nb\"c\nd\n",
	    "2 a quotation mark stands in a cell that does not begin with one; nothing behind it "
	    "was read\n"),
	CSV("quotes that are never closed", "name\n\"b\nc\n",
	    "2 a quotation mark is opened and never closed; nothing behind it was read\n"),
	CSV("lines that end with a carriage return", "name\rb\r",
	    "a carriage return stands there without a line feed\n"),
	CSV("a line that is too long", "name\n" LONG "\nb\n",
	    "2 it is too long; nothing behind it was read\n"),
	CSV("cells without end", "name\n" CELLS_64 ",\n",
	    "2 it has too many cells; nothing behind it was read\n"),
	CSV("nothing at all", "", "there is nothing in it; the first line names the columns\n"),
	CSV("nothing but empty lines", "\n\n",
	    "there is nothing in it; the first line names the columns\n"),
	CSV("a column that there is not", "name,colour\na,red\n",
	    "there is no column \"colour\"; there are name, note, size, is_big\n"),
	CSV("a column that is filled in", "name,number\n",
	    "there is no column \"number\"; there are name, note, size, is_big\n"),
	CSV("a column twice", "name,size,name\n", "the column \"name\" is named twice\n"),
	CSV("a column that must be there", "size\n1\n", "the column \"name\" is missing\n"),
};

static const struct CMUnitTest line_rows[] = {
	LINES("objects", "{'name':'a','size':5,'is_big':true}\n{'name':'b','note':null}",
	      "1 {'a',null,5,1}\n2 {'b',null,7,0}\n"),
	LINES("a byte order mark, empty lines and carriage returns",
	      "\xEF\xBB\xBF\r\n{'name':'a'}\r\n\n{'name':'b'}\n",
	      "2 {'a',null,7,0}\n4 {'b',null,7,0}\n"),
	LINES("nothing at all", "", ""),
	LINES("faults of fields, and the next record", "{'size':'5','colour':1}\n{'name':'b'}\n",
	      "1 ['body','name'] Field required;['body','size'] Input should be a valid "
	      "integer;['body','colour'] Extra inputs are not permitted;\n2 {'b',null,7,0}\n"),
	LINES("what is no JSON", "{'name':\n[]\n{'name':'b'}\n",
	      "1 ['body',8] JSON decode error;\n2 ['body'] Input should be a valid dictionary or "
	      "object to extract fields from;\n3 {'b',null,7,0}\n"),
	LINES("a line that is too long", "{'name':'" LONG "'}\n{'name':'b'}\n",
	      "1 it is too long\n2 {'b',null,7,0}\n"),
};

/* ---- the list of faults ---- */

static void refuse(struct ctx *c, struct records_faults *faults, int64_t line)
{
	records_refuse(c, faults, line, ctx_fail(c, APP_INVALID, "of line %" PRId64, line));
	assert_int_equal(c->failure.err, APP_OK);
}

static void faults_stand_by_line_and_are_counted(void **state)
{
	(void)state;
	struct scene scene;
	struct records_faults faults = { 0 };
	scene_open(&scene);
	for (int64_t line = 60; line > 0; line--)
		refuse(&scene.c, &faults, line);
	for (int64_t line = 61; line < 250; line++)
		refuse(&scene.c, &faults, line);
	assert_int_equal(faults.count, 249);
	int64_t line = 0;
	for (const struct records_fault *at = faults.first; at; at = at->next) {
		assert_int_equal(at->line, ++line);
		assert_string_equal(at->text, arena_printf(&scene.arena, "of line %" PRId64, line));
		assert_null(at->fields);
	}
	assert_int_equal(line, RECORDS_FAULTS_MAX);
	scene_close(&scene);
}

int main(void)
{
	const struct CMUnitTest fault_rows[] = {
		ROW("faults stand by their lines, and those past a hundred are counted",
		    faults_stand_by_line_and_are_counted),
	};
	return rows_run("CSV", csv_rows, COUNT_OF(csv_rows)) +
	       rows_run("JSON lines", line_rows, COUNT_OF(line_rows)) +
	       rows_run("faults of records", fault_rows, COUNT_OF(fault_rows));
}
