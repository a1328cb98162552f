/*
 * Whether something other than SQLite wrote into the database file or its log, such as a `cp` of an
 * older copy over it: the file keeps its name and its inode, and what is committed then goes into a
 * ruin.
 *
 * While the log is in use only checkpoints write the file, and each says so first in the index of
 * the log, which all who have the file open share (https://www.sqlite.org/walformat.html,
 * "WAL-Index File Format"): nBackfillAttempted grows before the first page is copied, nBackfill
 * after the last; a log that starts over has a new salt. So a file whose size or time of change is
 * another, while the index tells of no checkpoint, was written past SQLite. Checkpoints of other
 * programs are in the index, too, and are fine.
 *
 * The index knows the checksum of the last frame that was committed, too: a log that has another
 * there, or another salt at its beginning, is not the one that the index is of.
 */
#include <sched.h>
#include <string.h>
#include <sys/stat.h>

#include "base/app_name.h"
#include "core/sqlite/internal.h"
#include "files.h"

/*
 * The index, in words. Its header is there twice: whoever reads two that differ has met a change.
 */
enum {
	HEADER_WORDS = 12,
	AT_CHANGES = 2,
	AT_PAGE_SIZE = 3, /* the upper half, in the order of the machine */
	AT_FRAMES = 4,
	AT_CHECKSUM = 6,
	AT_SALT = 8,
	AT_BACKFILLED = 24,
	AT_ATTEMPTED = 32,
	REGION_BYTES = 32768,
};

/* The log, in bytes. */
enum { LOG_HEADER = 32, LOG_SALT = 16, FRAME_HEADER = 24, FRAME_SALT = 8, FRAME_CHECKSUM = 16 };

/* Of an index that moves. */
enum { LOOKS_MAX = 100 };

struct look {
	struct sqlite_ground ground;
	struct sqlite_note log;
	bool settled;  /* no checkpoint is under way, nor was one left undone */
	bool log_lost; /* what the index is of is not in the log */
};

struct index {
	uint32_t header[HEADER_WORDS], backfilled, attempted;
};

static sqlite3_file *file_of(sqlite3 *handle, int which)
{
	sqlite3_file *file = NULL;
	bool got = !sqlite3_file_control(handle, "main", which, &file);
	return got && file && file->pMethods ? file : NULL;
}

/* NULL: the connection has none (yet). The pointer is good for as long as the connection is. */
static const uint32_t *index_of(sqlite3 *handle)
{
	sqlite3_file *file = file_of(handle, SQLITE_FCNTL_FILE_POINTER);
	void volatile *at = NULL;
	if (!file || file->pMethods->iVersion < 2 ||
	    file->pMethods->xShmMap(file, 0, REGION_BYTES, 0, &at))
		return NULL;
	return (const uint32_t *)(uintptr_t)at;
}

static uint32_t word_read(const uint32_t *words, int at)
{
	return __atomic_load_n(&words[at], __ATOMIC_SEQ_CST);
}

static void header_read(const uint32_t *words, uint32_t *ret)
{
	for (int i = 0; i < HEADER_WORDS; i++)
		ret[i] = word_read(words, i);
}

/* False when it is being changed. */
static bool index_read(const uint32_t *words, struct index *ret)
{
	uint32_t second[HEADER_WORDS];
	header_read(words, ret->header);
	header_read(words + HEADER_WORDS, second);
	ret->backfilled = word_read(words, AT_BACKFILLED);
	ret->attempted = word_read(words, AT_ATTEMPTED);
	return !memcmp(ret->header, second, sizeof(second));
}

static int64_t page_bytes(const struct index *index)
{
	uint16_t halves[2];
	memcpy(halves, &index->header[AT_PAGE_SIZE], sizeof(halves));
	return halves[1] == 1 ? 65536 : halves[1];
}

static uint32_t big_endian(const unsigned char *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* False: it cannot be read, which says nothing. What is past its end is read as zeros. */
static bool log_read(sqlite3_file *log, void *ret, int bytes, int64_t at)
{
	int code = log->pMethods->xRead(log, ret, bytes, at);
	return !code || code == SQLITE_IOERR_SHORT_READ;
}

static bool log_is_lost(sqlite3 *handle, const struct index *index)
{
	unsigned char head[LOG_HEADER], frame[FRAME_HEADER];
	const uint32_t *salt = &index->header[AT_SALT], *sums = &index->header[AT_CHECKSUM];
	int64_t frames = index->header[AT_FRAMES];
	sqlite3_file *log = file_of(handle, SQLITE_FCNTL_JOURNAL_POINTER);
	int64_t last = LOG_HEADER + (frames - 1) * (FRAME_HEADER + page_bytes(index));
	if (!frames || !log || !log_read(log, head, sizeof(head), 0) ||
	    !log_read(log, frame, sizeof(frame), last))
		return false;
	return memcmp(head + LOG_SALT, salt, 2 * sizeof(*salt)) != 0 ||
	       memcmp(frame + FRAME_SALT, salt, 2 * sizeof(*salt)) != 0 ||
	       big_endian(frame + FRAME_CHECKSUM) != sums[0] ||
	       big_endian(frame + FRAME_CHECKSUM + 4) != sums[1];
}

static void ground_set(struct sqlite_ground *ret, const struct index *index, const struct stat *st)
{
	memcpy(ret->salt, &index->header[AT_SALT], sizeof(ret->salt));
	ret->changes = index->header[AT_CHANGES];
	ret->frames = index->header[AT_FRAMES];
	ret->attempted = index->attempted;
	ret->stamp = sqlite_stamp_of(st);
	ret->known = true;
}

static struct sqlite_note note_of(const struct index *index)
{
	struct sqlite_note note = { .frames = index->header[AT_FRAMES],
				    .copied = index->backfilled };
	memcpy(note.salt, &index->header[AT_SALT], sizeof(note.salt));
	memcpy(note.sums, &index->header[AT_CHECKSUM], sizeof(note.sums));
	return note;
}

void sqlite_log_note(sqlite3 *handle, struct sqlite_note *ret)
{
	struct index index;
	const uint32_t *words = handle ? index_of(handle) : NULL;
	*ret = words && index_read(words, &index) ? note_of(&index) : (struct sqlite_note){ 0 };
}

static bool look_by(const struct sqlite *s, sqlite3 *handle, const uint32_t *words,
		    struct look *ret)
{
	struct stat st;
	struct index index = { 0 }, after = { 0 };
	if (!index_read(words, &index) || lstat(s->path, &st))
		return false;
	ret->log_lost = log_is_lost(handle, &index);
	ret->settled = index.backfilled == index.attempted;
	ground_set(&ret->ground, &index, &st);
	ret->log = note_of(&index);
	return index_read(words, &after) && !memcmp(&index, &after, sizeof(index));
}

/* A connection that has not opened the log does not give the index back, either. */
static void index_leave(sqlite3 *handle)
{
	sqlite3_file *file = file_of(handle, SQLITE_FCNTL_FILE_POINTER);
	if (!file_of(handle, SQLITE_FCNTL_JOURNAL_POINTER))
		file->pMethods->xShmUnmap(file, 0);
}

/*
 * False when there is nothing to be seen, or it moves. The files are looked at between two looks at
 * the index.
 */
static bool look(const struct sqlite *s, sqlite3 *handle, struct look *ret)
{
	const uint32_t *words = index_of(handle);
	if (!words)
		return false;
	bool is_seen = look_by(s, handle, words, ret);
	index_leave(handle);
	return is_seen;
}

static bool is_same_log(const struct sqlite_ground *a, const struct sqlite_ground *b)
{
	return a->salt[0] == b->salt[0] && a->salt[1] == b->salt[1];
}

/* Whether nobody can have had a reason to write the file in between, as far as SQLite goes. */
static bool is_untouched(const struct sqlite_ground *known, const struct sqlite_ground *now)
{
	if (is_same_log(known, now))
		return known->attempted == now->attempted;
	/* the log was begun anew, but all of it had been copied, and nothing came after that */
	return known->changes == now->changes && known->frames == known->attempted && !now->frames;
}

static bool is_overwritten(const struct sqlite_ground *known, const struct look *now)
{
	if (now->log_lost)
		return true;
	if (!known->known)
		return false;
	/* an index that was put back */
	if (is_same_log(known, &now->ground) && now->ground.frames < known->frames)
		return true;
	return now->settled && is_untouched(known, &now->ground) &&
	       !sqlite_stamp_same(&known->stamp, &now->ground.stamp);
}

/* Called with the lock held. False: there was nothing to be seen. */
static bool judge(struct sqlite *s, sqlite3 *handle)
{
	struct look now;
	if (s->overwritten)
		return true;
	if (!look(s, handle, &now))
		return false;
	if (is_overwritten(&s->ground, &now)) {
		s->overwritten = true;
		sqlite_file_tell(
			s,
			"something other than SQLite wrote into the database file or its log while "
			"the server runs, or changed its time; nothing is read or written any "
			"more: start the server again, which looks through the file and says "
			"whether it is damaged; only then restore a backup with " APP_NAME " "
			"restore");
	} else {
		s->ground = now.ground;
		s->ground.known = now.settled;
		sqlite_mark_ground(s, &now.log);
	}
	return true;
}

bool sqlite_file_overwritten(struct sqlite *s, sqlite3 *handle)
{
	/* during a checkpoint of our own there is nothing to be told from what it writes */
	if (s->memory || pthread_mutex_trylock(&s->ground_lock))
		return s->overwritten;
	judge(s, handle);
	pthread_mutex_unlock(&s->ground_lock);
	return s->overwritten;
}

bool sqlite_file_ruined(struct sqlite *s, sqlite3 *handle)
{
	if (s->memory || s->copies)
		return s->overwritten;
	pthread_mutex_lock(&s->ground_lock);
	for (int i = 0; i < LOOKS_MAX && !judge(s, handle); i++)
		sched_yield();
	pthread_mutex_unlock(&s->ground_lock);
	return s->overwritten;
}

bool sqlite_file_checkpoint_begin(struct sqlite *s, sqlite3 *handle)
{
	if (s->memory)
		return true;
	pthread_mutex_lock(&s->ground_lock);
	judge(s, handle);
	if (s->overwritten)
		pthread_mutex_unlock(&s->ground_lock);
	else
		sqlite_mark_copying(s, true);
	s->copies = !s->overwritten;
	return !s->overwritten;
}

void sqlite_file_checkpoint_end(struct sqlite *s, sqlite3 *handle)
{
	struct look now;
	if (s->memory)
		return;
	s->ground.known = false;
	if (look(s, handle, &now) && now.settled) {
		s->ground = now.ground;
		sqlite_mark_ground(s, &now.log);
		sqlite_mark_copying(s, false);
	}
	s->copies = false;
	pthread_mutex_unlock(&s->ground_lock);
}
