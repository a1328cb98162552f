/*
 * gzip by zlib. The compressor of a thread is made on first use and reset between answers; the
 * event-loop threads belong to libmicrohttpd, so a thread-specific key frees it when the thread
 * ends. What it keeps of an answer is wiped.
 */
#include "core/gzip.h"

#include <limits.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <zlib.h>

#include "base/buf.h"
#include "base/mem.h"

/*
 * Measured on lists of 9 and 44 KB of JSON: level 6 takes 5 to 23 % longer and saves 0.6 % at most.
 * A window of 32 KB with memory level 8 takes at least a quarter longer and twice the memory, and
 * saves about 4 % at most.
 */
enum {
	LEVEL = 5,
	WINDOW_BITS = 14,    /* 16 KB of text: 64 KB of memory */
	MEMORY_LEVEL = 7,    /* another 64 KB */
	GZIP_WRAPPER = 16,   /* added to the window bits: gzip, not zlib */
	INFLATE_WINDOW = 15, /* whatever the file was made with */
};

/* zlib takes five for each stream */
enum { BLOCKS_MOST = 8 };

/*
 * What zlib takes. The first is its state; the others hold text and what was found in it, and are
 * of no use between two.
 */
struct compressor {
	z_stream stream;
	void *blocks[BLOCKS_MOST];
	size_t sizes[BLOCKS_MOST];
	size_t count;
};

static pthread_once_t key_once = PTHREAD_ONCE_INIT;
static pthread_key_t key;

static voidpf block_take(voidpf opaque, uInt count, uInt size)
{
	struct compressor *own = opaque;
	if (own->count == BLOCKS_MOST)
		return Z_NULL;
	own->sizes[own->count] = (size_t)count * size;
	own->blocks[own->count] = mem_new(count, size);
	return own->blocks[own->count++];
}

static void block_give(voidpf opaque, voidpf block)
{
	struct compressor *own = opaque;
	for (size_t i = 0; i < own->count; i++)
		if (own->blocks[i] == block) {
			mem_drop(block, own->sizes[i]);
			own->blocks[i] = NULL;
		}
}

static void text_wipe(struct compressor *own)
{
	for (size_t i = 1; i < own->count; i++)
		mem_wipe(own->blocks[i], own->sizes[i]);
}

static void drop_compressor(void *arg)
{
	struct compressor *own = arg;
	deflateEnd(&own->stream);
	free(own);
}

static void make_key(void)
{
	if (pthread_key_create(&key, drop_compressor) != 0)
		mem_out(sizeof(key));
}

/* This thread's compressor, ready for a new text. */
static struct compressor *own_compressor(void)
{
	pthread_once(&key_once, make_key);
	struct compressor *own = pthread_getspecific(key);

	if (own) {
		deflateReset(&own->stream);
		return own;
	}
	own = mem_new(1, sizeof(*own));
	own->stream.zalloc = block_take;
	own->stream.zfree = block_give;
	own->stream.opaque = own;
	if (deflateInit2(&own->stream, LEVEL, Z_DEFLATED, WINDOW_BITS + GZIP_WRAPPER, MEMORY_LEVEL,
			 Z_DEFAULT_STRATEGY) != Z_OK ||
	    pthread_setspecific(key, own) != 0)
		mem_out(sizeof(*own));
	return own;
}

/* zlib's input is declared without const but only read. */
static Bytef *unconst(const void *bytes)
{
	return (Bytef *)(uintptr_t)bytes;
}

bool gzip_pack(const void *bytes, size_t len, struct buf *out)
{
	if (len == 0 || len > UINT_MAX)
		return false;
	struct compressor *own = own_compressor();
	z_stream *stream = &own->stream;

	/* No more room than the plain form takes: a result that does not fit is not wanted. */
	stream->next_out = (Bytef *)buf_reserve(out, len);
	stream->avail_out = (uInt)len - 1;
	stream->next_in = unconst(bytes);
	stream->avail_in = (uInt)len;
	bool fits = deflate(stream, Z_FINISH) == Z_STREAM_END;
	text_wipe(own);
	if (fits)
		out->len += len - 1 - stream->avail_out;
	return fits;
}

bool gzip_unpack(const void *gzip, size_t len, size_t size, struct buf *out)
{
	z_stream stream = { 0 };

	if (len > UINT_MAX || size >= UINT_MAX)
		return false;
	if (inflateInit2(&stream, INFLATE_WINDOW + GZIP_WRAPPER) != Z_OK)
		mem_out(sizeof(stream));
	/* One byte to spare, so that content that is too long shows. */
	stream.next_out = (Bytef *)buf_reserve(out, size + 1);
	stream.avail_out = (uInt)size + 1;
	stream.next_in = unconst(gzip);
	stream.avail_in = (uInt)len;
	bool done = inflate(&stream, Z_FINISH) == Z_STREAM_END && stream.avail_out == 1 &&
		    stream.avail_in == 0;
	inflateEnd(&stream);
	if (done)
		out->len += size;
	return done;
}
