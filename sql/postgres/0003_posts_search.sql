-- Full-text search of posts, in a column that the server keeps true. The two functions are for every table that is
-- searched, and make words what they are to SQLite's unicode61 tokenizer. The table is written anew, as long as that takes.
-- migrate:up

-- Words with one blank between them: Latin letters lose their accents, punctuation and signs part words. What parts
-- words is the same in src/core/model/search.c. Lower case is the business of 'simple', but for the final sigma.
CREATE FUNCTION search_words(text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $body$
  SELECT translate(regexp_replace(
    normalize(regexp_replace(normalize($1, NFD), '([A-Za-z])[\u0300-\u036F]+', '\1', 'g'), NFC),
    '[\u0001-\u002F\u003A-\u0040\u005B-\u0060\u007B-\u00A9\u00AB-\u00B1\u00B4\u00B6-\u00B8\u00BB'
    '\u00BF\u00D7\u00F7\u2000-\u206F\u3000-\u3003\u3008-\u3020\uFE00-\uFE0F]+', ' ', 'g'),
    'ς', 'σ')
$body$;

-- All words, each as the beginning of one. Null, which finds nothing, when there is none.
CREATE FUNCTION search_query(text) RETURNS tsquery
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $body$
  SELECT to_tsquery('simple',
    '''' || replace(nullif(btrim(search_words($1)), ''), ' ', ''':* & ''') || ''':*')
$body$;

ALTER TABLE posts ADD COLUMN search tsvector NOT NULL
  GENERATED ALWAYS AS (to_tsvector('simple', search_words(title || ' ' || content))) STORED;

CREATE INDEX posts_search_idx ON posts USING gin (search);

-- migrate:down
ALTER TABLE posts DROP COLUMN search;
DROP FUNCTION search_query;
DROP FUNCTION search_words;
