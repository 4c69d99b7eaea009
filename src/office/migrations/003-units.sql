-- Which unit of the institution somebody works in, and what lies within each unit (from the profile's units.json).

ALTER TABLE staff ADD COLUMN unit TEXT NOT NULL DEFAULT ''; -- key of a unit, '' for none

-- Every unit with itself and all below it: lists choose by it. Rewritten when the profile's tree changed.
CREATE TABLE unit_reach (
  within TEXT NOT NULL,
  unit TEXT NOT NULL,
  PRIMARY KEY (within, unit)
);
