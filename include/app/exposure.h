/* The rule of base/exposure.h applied to the files that a process has to do with. */
#ifndef CROFT_APP_EXPOSURE_H
#define CROFT_APP_EXPOSURE_H

#include "app/boot.h"
#include "base/attr.h"
#include "base/exposure.h"

/*
 * Whether others than its owner can read, or change, what holds secrets or data. In production
 * each fault is reported and BOOT_REFUSED returned; elsewhere it is a warning, in the log of a
 * server, and BOOT_OK. boot_up() looks at the settings, of a server also at the log, and at the
 * data before it opens the database; others look at what they read besides.
 */
enum boot_result exposure_check_data(struct boot *boot) MUST_USE;
/*
 * log.file, which servers alone write to. Where there is none a server warns of the file that its
 * standard error is, in production, too.
 */
enum boot_result exposure_check_log(struct boot *boot) MUST_USE;
/* The data of another database. */
enum boot_result exposure_check_database(struct boot *boot, const char *url) MUST_USE;
enum boot_result exposure_check_file(struct boot *boot, const char *path,
				     enum exposure_kind kind) MUST_USE;
/*
 * Of a file that is to be made, and is nobody else's from its first moment: the folder it is to
 * be in.
 */
enum boot_result exposure_check_place(struct boot *boot, const char *path) MUST_USE;

#endif
