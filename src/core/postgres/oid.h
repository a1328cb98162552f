/* Types of PostgreSQL by their numbers, which are the same on every server. */
#ifndef CROFT_SRC_CORE_POSTGRES_OID_H
#define CROFT_SRC_CORE_POSTGRES_OID_H

/* The types we name; src/include/catalog/pg_type.dat of PostgreSQL has them all. */
enum postgres_oid {
	OID_BOOL = 16,
	OID_BYTEA = 17,
	OID_INT8 = 20,
	OID_INT2 = 21,
	OID_INT4 = 23,
	OID_TEXT = 25,
	OID_OID = 26,
	OID_FLOAT4 = 700,
	OID_FLOAT8 = 701,
	OID_DATE = 1082,
	OID_NUMERIC = 1700,
};

#endif
