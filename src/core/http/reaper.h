/* The thread that ends connections. Private to core/http. */
#ifndef CROFT_SRC_CORE_HTTP_REAPER_H
#define CROFT_SRC_CORE_HTTP_REAPER_H

/* Its body: runs until the struct peers that it is given is stopping. */
void *reaper_main(void *peers);

#endif
