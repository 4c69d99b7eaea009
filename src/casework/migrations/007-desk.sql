-- Lists, search, and what is counted for work desks. Everything here is derived: triggers keep it in the transaction
-- that changes a case, because an index that a caller can forget is none. A test compares all of it with the cases.

-- A door is a way by which somebody may see a case (office/access.h, scopes): 'any', 'unit:KEY' for its unit and each one
-- above, 'staff:ID' for its lead and team, 'intake' while it is in intake, 'referral'.
CREATE INDEX unit_reach_unit ON unit_reach (unit, within);
-- engine: sqlite
CREATE VIEW case_door AS
  SELECT id AS casefile_id, 'any' AS door, state, phase, received_at, due_at, assigned_to FROM casefile
  UNION ALL SELECT c.id, 'unit:' || r.within, c.state, c.phase, c.received_at, c.due_at, c.assigned_to
    FROM casefile c CROSS JOIN unit_reach r WHERE r.unit = c.unit
  UNION ALL SELECT id, 'staff:' || assigned_to, state, phase, received_at, due_at, assigned_to FROM casefile WHERE assigned_to IS NOT NULL
  UNION ALL SELECT c.id, 'staff:' || m.staff_id, c.state, c.phase, c.received_at, c.due_at, c.assigned_to
    FROM casefile c CROSS JOIN case_member m WHERE m.casefile_id = c.id AND m.until IS NULL AND m.staff_id IS NOT c.assigned_to
  UNION ALL SELECT id, 'intake', state, phase, received_at, due_at, assigned_to FROM casefile WHERE phase = 0
  UNION ALL SELECT id, 'referral', state, phase, received_at, due_at, assigned_to FROM casefile WHERE has_referral <> 0;
-- engine: postgresql
CREATE VIEW case_door AS
  SELECT id AS casefile_id, 'any' AS door, state, phase, received_at, due_at, assigned_to FROM casefile
  UNION ALL SELECT c.id, 'unit:' || r.within, c.state, c.phase, c.received_at, c.due_at, c.assigned_to
    FROM casefile c JOIN unit_reach r ON r.unit = c.unit
  UNION ALL SELECT id, 'staff:' || assigned_to, state, phase, received_at, due_at, assigned_to FROM casefile WHERE assigned_to IS NOT NULL
  UNION ALL SELECT c.id, 'staff:' || m.staff_id, c.state, c.phase, c.received_at, c.due_at, c.assigned_to
    FROM casefile c JOIN case_member m ON m.casefile_id = c.id AND m.until IS NULL AND m.staff_id IS DISTINCT FROM c.assigned_to
  UNION ALL SELECT id, 'intake', state, phase, received_at, due_at, assigned_to FROM casefile WHERE phase = 0
  UNION ALL SELECT id, 'referral', state, phase, received_at, due_at, assigned_to FROM casefile WHERE has_referral <> 0;
-- engine: both

-- Cases in which something happened that their lead did not do, since they last did something there: "new".
CREATE TABLE case_news (
  casefile_id INTEGER PRIMARY KEY REFERENCES casefile (id),
  at INTEGER NOT NULL                  -- of the first thing not seen
);

-- In which lists a case stands, and where in each. Behind each door: all cases, those of a state, the open ones and those
-- that nobody leads (by the day they came), those with a running time limit (by the day it ends); an officer's new ones.
-- Beside the doors: lists by body and by subject, from which a narrow search starts; whoever reads them still asks may()
-- about each case.
CREATE VIEW case_list_of AS
  SELECT door AS list, received_at AS at, casefile_id FROM case_door
  UNION ALL SELECT door || '/' || state, received_at, casefile_id FROM case_door
  UNION ALL SELECT door || '/open', received_at, casefile_id FROM case_door WHERE phase <> 4
  UNION ALL SELECT door || '/free', received_at, casefile_id FROM case_door WHERE phase <> 4 AND assigned_to IS NULL
  UNION ALL SELECT door || '/due', due_at, casefile_id FROM case_door WHERE phase <> 4 AND due_at IS NOT NULL
  UNION ALL SELECT 'staff:' || c.assigned_to || '/new', n.at, n.casefile_id FROM case_news n JOIN casefile c ON c.id = n.casefile_id
    WHERE c.assigned_to IS NOT NULL AND c.phase <> 4
  UNION ALL SELECT 'body:' || body_key, received_at, id FROM casefile WHERE body_key <> ''
  UNION ALL SELECT 'subject:' || subject, received_at, id FROM casefile WHERE subject <> '';

CREATE TABLE case_list (
  list TEXT NOT NULL,                  -- 'any', 'staff:3/open', 'unit:lahore/due', 'body:state_oil' …
  at INTEGER NOT NULL,                 -- received_at; due_at in lists that end in '/due', case_news.at in '/new'
  casefile_id INTEGER NOT NULL,
  PRIMARY KEY (list, at, casefile_id)
) WITHOUT ROWID;

-- How many cases stand in each list: what pages show instead of counting.
CREATE TABLE case_list_count (
  list TEXT PRIMARY KEY,
  n INTEGER NOT NULL
) WITHOUT ROWID;

INSERT INTO case_list (list, at, casefile_id) SELECT list, at, casefile_id FROM case_list_of;
INSERT INTO case_list_count (list, n) SELECT list, count(*) FROM case_list GROUP BY list;

-- What is searched: one row a case, folded (text_fold), with the doors through which it may be found. A withheld identity
-- never stands here, nor a word of mediation.
CREATE TABLE case_words (
  casefile_id INTEGER PRIMARY KEY REFERENCES casefile (id),
  people TEXT NOT NULL,                -- names of the complainant and others; '' while the identity is withheld
  body TEXT NOT NULL,                  -- names of the bodies
  words TEXT NOT NULL,                 -- everything else
  doors TEXT NOT NULL                  -- '@any @unit:lahore @staff:3', '@not:4' for whom a conflict keeps out
);

-- engine: sqlite
DROP TABLE case_search;
CREATE VIRTUAL TABLE case_search USING fts5 (people, body, words, doors, content='case_words', content_rowid='casefile_id',
  tokenize="unicode61 remove_diacritics 0 tokenchars '@:_-'");

CREATE TRIGGER case_words_added AFTER INSERT ON case_words BEGIN
  INSERT INTO case_search (rowid, people, body, words, doors) VALUES (NEW.casefile_id, NEW.people, NEW.body, NEW.words, NEW.doors);
END;
CREATE TRIGGER case_words_changed AFTER UPDATE ON case_words
WHEN OLD.doors <> NEW.doors OR OLD.words <> NEW.words OR OLD.people <> NEW.people OR OLD.body <> NEW.body BEGIN
  INSERT INTO case_search (case_search, rowid, people, body, words, doors)
    VALUES ('delete', OLD.casefile_id, OLD.people, OLD.body, OLD.words, OLD.doors);
  INSERT INTO case_search (rowid, people, body, words, doors) VALUES (NEW.casefile_id, NEW.people, NEW.body, NEW.words, NEW.doors);
END;
CREATE TRIGGER case_words_gone AFTER DELETE ON case_words BEGIN
  INSERT INTO case_search (case_search, rowid, people, body, words, doors)
    VALUES ('delete', OLD.casefile_id, OLD.people, OLD.body, OLD.words, OLD.doors);
END;

CREATE TRIGGER case_list_added AFTER INSERT ON case_list BEGIN
  INSERT INTO case_list_count (list, n) VALUES (NEW.list, 1) ON CONFLICT (list) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER case_list_gone AFTER DELETE ON case_list BEGIN
  UPDATE case_list_count SET n = n - 1 WHERE list = OLD.list;
END;

-- Rows put in here are taken out of case_list, each by its key: SQLite's DELETE knows no join.
CREATE VIEW case_list_leave AS SELECT list, at, casefile_id FROM case_list;
CREATE TRIGGER case_list_left INSTEAD OF INSERT ON case_list_leave BEGIN
  DELETE FROM case_list WHERE list = NEW.list AND at = NEW.at AND casefile_id = NEW.casefile_id;
END;

CREATE TRIGGER casefile_listed AFTER INSERT ON casefile BEGIN
  INSERT INTO case_list (list, at, casefile_id) SELECT list, at, casefile_id FROM case_list_of WHERE casefile_id = NEW.id;
END;
CREATE TRIGGER casefile_moves BEFORE UPDATE OF state, phase, unit, assigned_to, has_referral, received_at, body_key, subject ON casefile
WHEN OLD.state <> NEW.state OR OLD.phase <> NEW.phase OR OLD.unit <> NEW.unit OR OLD.assigned_to IS NOT NEW.assigned_to
  OR OLD.has_referral <> NEW.has_referral OR OLD.received_at <> NEW.received_at OR OLD.body_key <> NEW.body_key
  OR OLD.subject <> NEW.subject BEGIN
  INSERT INTO case_list_leave (list, at, casefile_id) SELECT list, at, casefile_id FROM case_list_of WHERE casefile_id = OLD.id;
END;
CREATE TRIGGER casefile_moved AFTER UPDATE OF state, phase, unit, assigned_to, has_referral, received_at, body_key, subject ON casefile
WHEN OLD.state <> NEW.state OR OLD.phase <> NEW.phase OR OLD.unit <> NEW.unit OR OLD.assigned_to IS NOT NEW.assigned_to
  OR OLD.has_referral <> NEW.has_referral OR OLD.received_at <> NEW.received_at OR OLD.body_key <> NEW.body_key
  OR OLD.subject <> NEW.subject BEGIN
  INSERT INTO case_list (list, at, casefile_id) SELECT list, at, casefile_id FROM case_list_of WHERE casefile_id = NEW.id;
  UPDATE case_words SET doors = (SELECT group_concat('@' || door, ' ') FROM case_door WHERE casefile_id = NEW.id)
    || coalesce((SELECT group_concat(' @not:' || staff_id, '') FROM case_conflict WHERE casefile_id = NEW.id AND lifted_at IS NULL), '')
    WHERE casefile_id = NEW.id
    AND (OLD.phase <> NEW.phase OR OLD.unit <> NEW.unit OR OLD.assigned_to IS NOT NEW.assigned_to OR OLD.has_referral <> NEW.has_referral);
END;
-- A time limit alone moves often; it touches the lists by day only.
CREATE TRIGGER casefile_due AFTER UPDATE OF due_at ON casefile
WHEN OLD.due_at IS NOT NEW.due_at AND OLD.state = NEW.state AND OLD.phase = NEW.phase AND OLD.unit = NEW.unit
  AND OLD.assigned_to IS NEW.assigned_to AND OLD.has_referral = NEW.has_referral AND OLD.received_at = NEW.received_at
  AND OLD.body_key = NEW.body_key AND OLD.subject = NEW.subject BEGIN
  INSERT INTO case_list_leave (list, at, casefile_id)
    SELECT door || '/due', OLD.due_at, casefile_id FROM case_door WHERE casefile_id = OLD.id AND phase <> 4 AND OLD.due_at IS NOT NULL;
  INSERT INTO case_list (list, at, casefile_id)
    SELECT door || '/due', due_at, casefile_id FROM case_door WHERE casefile_id = NEW.id AND phase <> 4 AND due_at IS NOT NULL;
END;
CREATE TRIGGER case_member_moves BEFORE UPDATE ON case_member BEGIN
  INSERT INTO case_list_leave (list, at, casefile_id) SELECT list, at, casefile_id FROM case_list_of WHERE casefile_id = OLD.casefile_id;
END;
CREATE TRIGGER case_member_moved AFTER UPDATE ON case_member BEGIN
  INSERT INTO case_list (list, at, casefile_id) SELECT list, at, casefile_id FROM case_list_of WHERE casefile_id = NEW.casefile_id;
  UPDATE case_words SET doors = (SELECT group_concat('@' || door, ' ') FROM case_door WHERE casefile_id = NEW.casefile_id)
    || coalesce((SELECT group_concat(' @not:' || staff_id, '') FROM case_conflict WHERE casefile_id = NEW.casefile_id AND lifted_at IS NULL), '')
    WHERE casefile_id = NEW.casefile_id;
END;
CREATE TRIGGER case_member_came AFTER INSERT ON case_member BEGIN
  INSERT INTO case_list (list, at, casefile_id) SELECT list, at, casefile_id FROM case_list_of WHERE casefile_id = NEW.casefile_id
    ON CONFLICT DO NOTHING;
  UPDATE case_words SET doors = (SELECT group_concat('@' || door, ' ') FROM case_door WHERE casefile_id = NEW.casefile_id)
    || coalesce((SELECT group_concat(' @not:' || staff_id, '') FROM case_conflict WHERE casefile_id = NEW.casefile_id AND lifted_at IS NULL), '')
    WHERE casefile_id = NEW.casefile_id;
END;
CREATE TRIGGER case_member_goes BEFORE DELETE ON case_member BEGIN
  INSERT INTO case_list_leave (list, at, casefile_id) SELECT list, at, casefile_id FROM case_list_of WHERE casefile_id = OLD.casefile_id;
END;
CREATE TRIGGER case_member_gone AFTER DELETE ON case_member BEGIN
  INSERT INTO case_list (list, at, casefile_id) SELECT list, at, casefile_id FROM case_list_of WHERE casefile_id = OLD.casefile_id;
  UPDATE case_words SET doors = (SELECT group_concat('@' || door, ' ') FROM case_door WHERE casefile_id = OLD.casefile_id)
    || coalesce((SELECT group_concat(' @not:' || staff_id, '') FROM case_conflict WHERE casefile_id = OLD.casefile_id AND lifted_at IS NULL), '')
    WHERE casefile_id = OLD.casefile_id;
END;
-- At once, whatever else is done: a name that is withheld from now on is no way to find its case.
CREATE TRIGGER casefile_withheld AFTER UPDATE OF identity ON casefile WHEN OLD.identity = 'open' AND NEW.identity <> 'open' BEGIN
  UPDATE case_words SET people = '' WHERE casefile_id = NEW.id;
END;
CREATE TRIGGER case_conflict_set AFTER INSERT ON case_conflict BEGIN
  UPDATE case_words SET doors = (SELECT group_concat('@' || door, ' ') FROM case_door WHERE casefile_id = NEW.casefile_id)
    || coalesce((SELECT group_concat(' @not:' || staff_id, '') FROM case_conflict WHERE casefile_id = NEW.casefile_id AND lifted_at IS NULL), '')
    WHERE casefile_id = NEW.casefile_id;
END;
CREATE TRIGGER case_conflict_changed AFTER UPDATE ON case_conflict BEGIN
  UPDATE case_words SET doors = (SELECT group_concat('@' || door, ' ') FROM case_door WHERE casefile_id = NEW.casefile_id)
    || coalesce((SELECT group_concat(' @not:' || staff_id, '') FROM case_conflict WHERE casefile_id = NEW.casefile_id AND lifted_at IS NULL), '')
    WHERE casefile_id = NEW.casefile_id;
END;

-- The lead's own act says that they have seen the rest ('staff:3/5': 3 in the name of 5).
CREATE TRIGGER case_event_news AFTER INSERT ON case_event WHEN NEW.kind <> 'received' BEGIN
  DELETE FROM case_news WHERE casefile_id = NEW.casefile_id AND EXISTS (SELECT 1 FROM casefile c WHERE c.id = NEW.casefile_id
    AND (NEW.actor = 'staff:' || c.assigned_to OR NEW.actor LIKE 'staff:%/' || c.assigned_to));
  INSERT INTO case_news (casefile_id, at) SELECT c.id, NEW.at FROM casefile c WHERE c.id = NEW.casefile_id AND c.phase <> 4
    AND c.assigned_to IS NOT NULL AND NEW.actor <> 'staff:' || c.assigned_to AND NEW.actor NOT LIKE 'staff:%/' || c.assigned_to
    ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER case_news_come AFTER INSERT ON case_news BEGIN
  INSERT INTO case_list (list, at, casefile_id) SELECT 'staff:' || assigned_to || '/new', NEW.at, id FROM casefile
    WHERE id = NEW.casefile_id AND assigned_to IS NOT NULL AND phase <> 4;
END;
CREATE TRIGGER case_news_gone AFTER DELETE ON case_news BEGIN
  INSERT INTO case_list_leave (list, at, casefile_id) SELECT 'staff:' || assigned_to || '/new', OLD.at, id FROM casefile
    WHERE id = OLD.casefile_id AND assigned_to IS NOT NULL AND phase <> 4;
END;

-- engine: postgresql
-- In plpgsql, which keeps its plans: planning the views costs more than reading them.
-- A plan made while the tables were small must not stay when they are not: never a scan.
DROP TABLE case_search;
ALTER TABLE case_words ADD COLUMN vector tsvector;
CREATE INDEX case_words_vector ON case_words USING gin (vector);

CREATE FUNCTION case_words_vector() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.vector := setweight(to_tsvector('simple', NEW.people), 'A') || setweight(to_tsvector('simple', NEW.body), 'B')
    || to_tsvector('simple', NEW.words) || array_to_tsvector(string_to_array(NEW.doors, ' '));
  RETURN NEW;
END $$;
CREATE TRIGGER case_words_kept BEFORE INSERT OR UPDATE ON case_words FOR EACH ROW EXECUTE FUNCTION case_words_vector();

CREATE FUNCTION case_doors(which BIGINT) RETURNS text LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
BEGIN
  RETURN (SELECT string_agg('@' || d.door, ' ') FROM case_door d WHERE d.casefile_id = which)
    || coalesce((SELECT string_agg(' @not:' || x.staff_id, '') FROM case_conflict x WHERE x.casefile_id = which AND x.lifted_at IS NULL), '');
END $$;

CREATE FUNCTION case_list_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO case_list_count (list, n) SELECT list, count(*) FROM changed GROUP BY list ORDER BY list
      ON CONFLICT (list) DO UPDATE SET n = case_list_count.n + excluded.n;
  ELSE
    INSERT INTO case_list_count (list, n) SELECT list, -count(*) FROM changed GROUP BY list ORDER BY list
      ON CONFLICT (list) DO UPDATE SET n = case_list_count.n + excluded.n;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER case_list_added AFTER INSERT ON case_list REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION case_list_counted();
CREATE TRIGGER case_list_gone AFTER DELETE ON case_list REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION case_list_counted();

CREATE FUNCTION case_list_leave(which BIGINT) RETURNS void LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
  DELETE FROM case_list l USING case_list_of o
    WHERE o.casefile_id = which AND l.list = o.list AND l.at = o.at AND l.casefile_id = o.casefile_id;
END $$;
CREATE FUNCTION case_list_enter(which BIGINT) RETURNS void LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
  INSERT INTO case_list (list, at, casefile_id) SELECT list, at, casefile_id FROM case_list_of WHERE casefile_id = which
    ON CONFLICT DO NOTHING;
END $$;
CREATE FUNCTION case_doors_keep(which BIGINT) RETURNS void LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
  UPDATE case_words SET doors = case_doors(which) WHERE casefile_id = which;
END $$;

CREATE FUNCTION casefile_listed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM case_list_enter(NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER casefile_listed AFTER INSERT ON casefile FOR EACH ROW EXECUTE FUNCTION casefile_listed();

CREATE FUNCTION casefile_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM case_list_leave(OLD.id);
  RETURN NEW;
END $$;
CREATE FUNCTION casefile_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM case_list_enter(NEW.id);
  IF OLD.phase <> NEW.phase OR OLD.unit <> NEW.unit OR OLD.assigned_to IS DISTINCT FROM NEW.assigned_to
    OR OLD.has_referral <> NEW.has_referral THEN
    PERFORM case_doors_keep(NEW.id);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER casefile_moves BEFORE UPDATE ON casefile FOR EACH ROW
  WHEN (OLD.state <> NEW.state OR OLD.phase <> NEW.phase OR OLD.unit <> NEW.unit OR OLD.assigned_to IS DISTINCT FROM NEW.assigned_to
    OR OLD.has_referral <> NEW.has_referral OR OLD.received_at <> NEW.received_at OR OLD.body_key <> NEW.body_key
    OR OLD.subject <> NEW.subject OR OLD.due_at IS DISTINCT FROM NEW.due_at)
  EXECUTE FUNCTION casefile_moves();
CREATE TRIGGER casefile_moved AFTER UPDATE ON casefile FOR EACH ROW
  WHEN (OLD.state <> NEW.state OR OLD.phase <> NEW.phase OR OLD.unit <> NEW.unit OR OLD.assigned_to IS DISTINCT FROM NEW.assigned_to
    OR OLD.has_referral <> NEW.has_referral OR OLD.received_at <> NEW.received_at OR OLD.body_key <> NEW.body_key
    OR OLD.subject <> NEW.subject OR OLD.due_at IS DISTINCT FROM NEW.due_at)
  EXECUTE FUNCTION casefile_moved();

CREATE FUNCTION case_member_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM case_list_leave(OLD.casefile_id);
  IF TG_OP = 'DELETE' THEN
    RETURN OLD;
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION case_member_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM case_list_enter(OLD.casefile_id);
    PERFORM case_doors_keep(OLD.casefile_id);
  ELSE
    PERFORM case_list_enter(NEW.casefile_id);
    PERFORM case_doors_keep(NEW.casefile_id);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER case_member_moves BEFORE UPDATE OR DELETE ON case_member FOR EACH ROW EXECUTE FUNCTION case_member_moves();
CREATE TRIGGER case_member_moved AFTER INSERT OR UPDATE OR DELETE ON case_member FOR EACH ROW EXECUTE FUNCTION case_member_moved();

CREATE FUNCTION case_event_news() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM case_news WHERE casefile_id = NEW.casefile_id AND EXISTS (SELECT 1 FROM casefile c WHERE c.id = NEW.casefile_id
    AND (NEW.actor = 'staff:' || c.assigned_to OR NEW.actor LIKE 'staff:%/' || c.assigned_to));
  INSERT INTO case_news (casefile_id, at) SELECT c.id, NEW.at FROM casefile c WHERE c.id = NEW.casefile_id AND c.phase <> 4
    AND c.assigned_to IS NOT NULL AND NEW.actor <> 'staff:' || c.assigned_to AND NEW.actor NOT LIKE 'staff:%/' || c.assigned_to
    ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
-- The lead's own act says that they have seen the rest ('staff:3/5': 3 in the name of 5).
CREATE TRIGGER case_event_news AFTER INSERT ON case_event FOR EACH ROW WHEN (NEW.kind <> 'received') EXECUTE FUNCTION case_event_news();
CREATE FUNCTION case_news_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO case_list (list, at, casefile_id) SELECT 'staff:' || assigned_to || '/new', NEW.at, id FROM casefile
      WHERE id = NEW.casefile_id AND assigned_to IS NOT NULL AND phase <> 4;
  ELSE
    DELETE FROM case_list l USING casefile c WHERE c.id = OLD.casefile_id AND l.list = 'staff:' || c.assigned_to || '/new'
      AND l.at = OLD.at AND l.casefile_id = OLD.casefile_id;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER case_news_changed AFTER INSERT OR DELETE ON case_news FOR EACH ROW EXECUTE FUNCTION case_news_changed();

-- At once, whatever else is done: a name that is withheld from now on is no way to find its case.
CREATE FUNCTION casefile_withheld() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE case_words SET people = '' WHERE casefile_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER casefile_withheld AFTER UPDATE ON casefile FOR EACH ROW WHEN (OLD.identity = 'open' AND NEW.identity <> 'open')
  EXECUTE FUNCTION casefile_withheld();

CREATE FUNCTION case_conflict_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM case_doors_keep(NEW.casefile_id);
  RETURN NULL;
END $$;
CREATE TRIGGER case_conflict_changed AFTER INSERT OR UPDATE ON case_conflict FOR EACH ROW EXECUTE FUNCTION case_conflict_changed();
-- engine: both

-- Cases filed before there was this index: a job puts their words in, in small pieces, up to `until`.
CREATE TABLE search_backlog (
  done INTEGER NOT NULL,               -- casefile.id up to which it is done
  until INTEGER NOT NULL
);
INSERT INTO search_backlog (done, until) SELECT 0, coalesce(max(id), 0) FROM casefile;

-- When the tree of units changes, the lists of units and the doors of the search follow (casework/list_keep.c).
CREATE TABLE case_list_units (
  stale INTEGER NOT NULL,              -- 1: the tree changed and the lists did not follow yet
  done INTEGER NOT NULL,               -- casefile.id up to which the doors of the search follow
  until INTEGER NOT NULL
);
INSERT INTO case_list_units (stale, done, until) VALUES (0, 0, 0);
-- engine: sqlite
CREATE TRIGGER unit_reach_added AFTER INSERT ON unit_reach BEGIN
  UPDATE case_list_units SET stale = 1 WHERE stale = 0;
END;
CREATE TRIGGER unit_reach_gone AFTER DELETE ON unit_reach BEGIN
  UPDATE case_list_units SET stale = 1 WHERE stale = 0;
END;
-- engine: postgresql
CREATE FUNCTION unit_reach_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE case_list_units SET stale = 1 WHERE stale = 0;
  RETURN NULL;
END $$;
CREATE TRIGGER unit_reach_changed AFTER INSERT OR DELETE ON unit_reach FOR EACH STATEMENT EXECUTE FUNCTION unit_reach_changed();
-- engine: both

-- Bytes that never became whole are looked for each hour, among all that did.
CREATE INDEX blob_unfinished ON blob (created_at) WHERE complete = 0;

-- A list that somebody keeps: its filter as it stands in an address, columns and order.
CREATE TABLE saved_list (
  id INTEGER PRIMARY KEY,
  owner INTEGER NOT NULL,              -- staff.id
  name TEXT NOT NULL,
  shared TEXT NOT NULL,                -- '' own, 'unit:KEY', 'role:KEY'
  filter TEXT NOT NULL,                -- "state=admitted&body=state_oil&sort=due"
  columns TEXT NOT NULL,               -- "number person due"
  created_at INTEGER NOT NULL
);
CREATE INDEX saved_list_owner ON saved_list (owner, id);
CREATE INDEX saved_list_shared ON saved_list (shared, id) WHERE shared <> '';
