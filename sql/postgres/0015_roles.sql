-- Roles: what accounts that are no superusers may do beyond what every account may. The roles of
-- an account are the bits of role_bits, bit n - 1 for the role with id n. permissions: names with a
-- blank between, or '*' for all of them. role_state: another version with every change of roles, so
-- that what processes remember of them is known to be true; whoever changes roles by SQL gives it
-- another one. There are no roles yet: croft makes the first three, of which accounts that are
-- there have the third, 'member'.
-- migrate:up
CREATE TABLE roles (
  id bigint PRIMARY KEY
    CONSTRAINT roles_id_check CHECK (id BETWEEN 1 AND 62),
  name text NOT NULL
    CONSTRAINT roles_name_check CHECK (length(name) BETWEEN 1 AND 50),
  permissions text NOT NULL,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL
);
CREATE UNIQUE INDEX roles_name_key ON roles (name);

CREATE TABLE role_state (
  id bigint PRIMARY KEY
    CONSTRAINT role_state_id_check CHECK (id = 1),
  version bigint NOT NULL
);

ALTER TABLE users ADD COLUMN role_bits bigint NOT NULL DEFAULT 0;
UPDATE users SET role_bits = 4;

-- migrate:down
ALTER TABLE users DROP COLUMN role_bits;
DROP TABLE role_state;
DROP TABLE roles;
