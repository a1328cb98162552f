-- The full-text index of posts holds words as text_words() of croft makes them, the same on every database: croft writes the
-- column with the row. For rows that other programs write a trigger fills it, by a function that knows less of Unicode, and
-- puts them on a list, from which croft takes them. What was there before is on the list, too, and is found meanwhile.
-- migrate:up
ALTER TABLE posts ALTER COLUMN search DROP EXPRESSION;
DROP FUNCTION search_query;

-- Close to text_words(): lower case, width, accents of Latin letters and the points of Hebrew and Arabic make no difference;
-- signs part words.
CREATE OR REPLACE FUNCTION search_words(text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $body$
  SELECT btrim(regexp_replace(normalize(regexp_replace(
    normalize(replace(replace(lower(normalize($1, NFKC)), 'ß', 'ss'), 'ς', 'σ'), NFD),
    '([a-z])[\u0300-\u036F]+|[\u0591-\u05BD\u05BF\u05C1\u05C2\u05C4\u05C5\u05C7\u0610-\u061A\u0640'
    '\u064B-\u0652\u0656-\u065F\u0670\u06D6-\u06DC\u06DF-\u06E4\u06E7\u06E8\u06EA-\u06ED]+',
    '\1', 'g'), NFC),
    '[\u0001-\u002F\u003A-\u0040\u005B-\u0060\u007B-\u00A9\u00AB-\u00B1\u00B4\u00B6-\u00B8\u00BB'
    '\u00BF\u00D7\u00F7\u2000-\u206F\u3000-\u3003\u3008-\u3020\uFE00-\uFE0F]+', ' ', 'g'))
$body$;

CREATE FUNCTION search_vector(text) RETURNS tsvector
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $body$
  SELECT array_to_tsvector(ARRAY(
    SELECT DISTINCT left(word, 250) FROM regexp_split_to_table(search_words($1), ' ') AS word
    WHERE word <> ''))
$body$;

CREATE TABLE posts_search_todo (id BIGINT PRIMARY KEY);
CREATE VIEW posts_search_source AS SELECT id, title || ' ' || content AS text FROM posts;

CREATE FUNCTION posts_search_fill() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  NEW.search := search_vector(NEW.title || ' ' || NEW.content);
  INSERT INTO posts_search_todo (id) VALUES (NEW.id) ON CONFLICT DO NOTHING;
  RETURN NEW;
END
$body$;

CREATE TRIGGER posts_search_insert BEFORE INSERT ON posts FOR EACH ROW
  WHEN (NEW.search IS NULL) EXECUTE FUNCTION posts_search_fill();
CREATE TRIGGER posts_search_update BEFORE UPDATE OF title, content ON posts FOR EACH ROW
  WHEN (NEW.search IS NOT DISTINCT FROM OLD.search
    AND (NEW.title, NEW.content) IS DISTINCT FROM (OLD.title, OLD.content))
  EXECUTE FUNCTION posts_search_fill();

INSERT INTO posts_search_todo (id) SELECT id FROM posts;

-- migrate:down
DROP TRIGGER posts_search_update ON posts;
DROP TRIGGER posts_search_insert ON posts;
DROP FUNCTION posts_search_fill;
DROP VIEW posts_search_source;
DROP TABLE posts_search_todo;
DROP FUNCTION search_vector;
ALTER TABLE posts DROP COLUMN search;

CREATE OR REPLACE FUNCTION search_words(text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $body$
  SELECT translate(regexp_replace(
    normalize(regexp_replace(normalize($1, NFD), '([A-Za-z])[\u0300-\u036F]+', '\1', 'g'), NFC),
    '[\u0001-\u002F\u003A-\u0040\u005B-\u0060\u007B-\u00A9\u00AB-\u00B1\u00B4\u00B6-\u00B8\u00BB'
    '\u00BF\u00D7\u00F7\u2000-\u206F\u3000-\u3003\u3008-\u3020\uFE00-\uFE0F]+', ' ', 'g'),
    'ς', 'σ')
$body$;

CREATE FUNCTION search_query(text) RETURNS tsquery
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $body$
  SELECT to_tsquery('simple',
    '''' || replace(nullif(btrim(search_words($1)), ''), ' ', ''':* & ''') || ''':*')
$body$;

ALTER TABLE posts ADD COLUMN search tsvector NOT NULL
  GENERATED ALWAYS AS (to_tsvector('simple', search_words(title || ' ' || content))) STORED;
CREATE INDEX posts_search_idx ON posts USING gin (search);
