-- The id of a deleted tag never comes back, for a sequence gives none twice. Ids that were given by
-- hand it does not see: those count here, as they do in SQLite, where this makes the table anew.
-- migrate:up
SELECT setval(given.ids, given.last)
FROM (SELECT pg_get_serial_sequence('tags', 'id')::regclass AS ids, max(id) AS last
      FROM tags) AS given
WHERE given.last > coalesce(pg_sequence_last_value(given.ids), 0);

-- migrate:down
-- Nothing: ids that were passed over hurt nobody.
