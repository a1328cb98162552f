/*
 * Keeps the memory of this process, in which there are secrets, from core files and from other
 * processes of the same user, debuggers included.
 */
#ifndef CROFT_APP_CONCEAL_H
#define CROFT_APP_CONCEAL_H

/*
 * To be called before anything secret is read. What this process starts is free of it but for the
 * limit on core files.
 */
void conceal_begin(void);
/* Takes it back, for app.debuggable. */
void conceal_end(void);

#endif
