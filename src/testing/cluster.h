/* What postgres.c needs of cluster.c, which starts and stops the servers. */
#ifndef CROFT_SRC_TESTING_CLUSTER_H
#define CROFT_SRC_TESTING_CLUSTER_H

#include "testing/postgres.h"

/* The URL of a database of the cluster. */
void cluster_url(char url[POSTGRES_URL_ROOM], const char *name);

#endif
