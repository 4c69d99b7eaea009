-- Tables for the contract suite; the words BLOB and INTEGER in this comment and in quotes must stay as they are.
CREATE TABLE sample (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  n INTEGER,
  t TEXT DEFAULT 'INTEGER and BLOB',
  b BLOB
) STRICT;

CREATE TABLE taken (name TEXT PRIMARY KEY, note TEXT) STRICT, WITHOUT ROWID;
CREATE TABLE series (id INTEGER PRIMARY KEY, n INTEGER NOT NULL);
CREATE TABLE counter (id INTEGER PRIMARY KEY, value INTEGER NOT NULL);
INSERT INTO counter (id, value) VALUES (1, 0), (2, 0);
CREATE TABLE pledge (
  id INTEGER PRIMARY KEY,
  sample INTEGER NOT NULL REFERENCES sample (id) DEFERRABLE INITIALLY DEFERRED
);

-- engine: sqlite
CREATE TABLE made_for (engine TEXT);
INSERT INTO made_for VALUES ('sqlite');
-- engine: postgresql
CREATE TABLE made_for (engine TEXT);
INSERT INTO made_for VALUES ('postgresql');
-- engine: both
CREATE INDEX sample_n ON sample (n);
