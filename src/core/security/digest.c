/* SHA-256 through libsodium. Holds no key. */
#include "core/digest.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"

enum { PIECE_BYTES = 256 * 1024 };

void digest_bytes(const void *bytes, size_t len, unsigned char ret[DIGEST_BYTES])
{
	crypto_hash_sha256(ret, bytes, len);
}

void digest_text(const void *bytes, size_t len, char ret[DIGEST_TEXT_ROOM])
{
	unsigned char digest[DIGEST_BYTES];
	digest_bytes(bytes, len, digest);
	str_hex(digest, sizeof(digest), ret);
}

bool digest_text_is(const char ours[DIGEST_TEXT_ROOM], const char theirs[DIGEST_TEXT_ROOM])
{
	return sodium_memcmp(ours, theirs, DIGEST_TEXT_ROOM - 1) == 0;
}

/* Returns 0, or the errno of the read that failed. */
static int digest_stream(int fd, crypto_hash_sha256_state *state, int64_t *ret_size)
{
	unsigned char *piece = mem_new(1, PIECE_BYTES);
	ssize_t got;
	int why = 0;
	while ((got = read(fd, piece, PIECE_BYTES)) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			why = errno;
			break;
		}
		crypto_hash_sha256_update(state, piece, (unsigned long long)got);
		*ret_size += got;
	}
	free(piece);
	return why;
}

uint64_t digest_short(const unsigned char key[DIGEST_KEY_BYTES], const void *bytes, size_t len)
{
	uint64_t hash;
	unsigned char out[crypto_shorthash_BYTES];
	static_assert(crypto_shorthash_KEYBYTES == DIGEST_KEY_BYTES, "SipHash's key");
	static_assert(sizeof(hash) == sizeof(out), "SipHash's size");
	crypto_shorthash(out, bytes, len, key);
	memcpy(&hash, out, sizeof(hash));
	return hash;
}

enum app_err digest_file(struct ctx *c, const char *path, char ret_text[DIGEST_TEXT_ROOM],
			 int64_t *ret_size)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return ctx_fail(c, errno == ENOENT ? APP_NOT_FOUND : APP_UNAVAILABLE,
				"cannot open '%s': %s", path, strerror(errno));
	crypto_hash_sha256_state state;
	int64_t size = 0;
	crypto_hash_sha256_init(&state);
	int why = digest_stream(fd, &state, &size);
	close(fd);
	if (why)
		return ctx_fail(c, APP_UNAVAILABLE, "cannot read '%s': %s", path, strerror(why));
	unsigned char digest[DIGEST_BYTES];
	crypto_hash_sha256_final(&state, digest);
	str_hex(digest, sizeof(digest), ret_text);
	if (ret_size)
		*ret_size = size;
	return APP_OK;
}
