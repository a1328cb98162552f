/* Standard input, output and error as the program finds them. */
#ifndef CROFT_SRC_CLI_STREAMS_H
#define CROFT_SRC_CLI_STREAMS_H

/*
 * First of all: a descriptor of the three that is closed gets a stand-in, so that no file of ours
 * becomes it and has messages written into it; and a reader that goes away is an error to be
 * seen, not the end of a command at work.
 */
void streams_prepare(void);

/*
 * Last of all: what is still to be written goes out. Returns `code`, or 1 when it cannot be
 * written; says why, unless the reader just did not want it all, as with `| head`.
 */
int streams_finish(int code);

#endif
