-- Names as they are typed without an input method: initials and whole Pinyin (zjg, zhangjianguo). What a trigger notes
-- is spelt at the next search; a name that nobody bears any more is forgotten with the last who bore it.
CREATE TABLE names_spelt (
  letters TEXT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (letters, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX names_spelt_name ON names_spelt (name);
CREATE TABLE names_to_spell (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE INDEX residents_name ON residents (name, unit_id);
CREATE INDEX residents_tail ON residents (phone_tail, unit_id);
INSERT OR IGNORE INTO names_to_spell SELECT name FROM cases WHERE name <> '' UNION SELECT name FROM residents;

CREATE TRIGGER names_of_new_cases AFTER INSERT ON cases
WHEN NEW.name <> '' AND NOT EXISTS (SELECT 1 FROM names_spelt WHERE name = NEW.name)
BEGIN INSERT OR IGNORE INTO names_to_spell (name) VALUES (NEW.name); END;
CREATE TRIGGER names_of_changed_cases AFTER UPDATE OF name ON cases
WHEN NEW.name <> '' AND NOT EXISTS (SELECT 1 FROM names_spelt WHERE name = NEW.name)
BEGIN INSERT OR IGNORE INTO names_to_spell (name) VALUES (NEW.name); END;
CREATE TRIGGER names_of_new_residents AFTER INSERT ON residents
WHEN NOT EXISTS (SELECT 1 FROM names_spelt WHERE name = NEW.name)
BEGIN INSERT OR IGNORE INTO names_to_spell (name) VALUES (NEW.name); END;
CREATE TRIGGER names_of_changed_residents AFTER UPDATE OF name ON residents
WHEN NOT EXISTS (SELECT 1 FROM names_spelt WHERE name = NEW.name)
BEGIN INSERT OR IGNORE INTO names_to_spell (name) VALUES (NEW.name); END;
CREATE TRIGGER names_left_by_cases AFTER DELETE ON cases
WHEN NOT EXISTS (SELECT 1 FROM cases WHERE name = OLD.name) AND NOT EXISTS (SELECT 1 FROM residents WHERE name = OLD.name)
BEGIN DELETE FROM names_spelt WHERE name = OLD.name; DELETE FROM names_to_spell WHERE name = OLD.name; END;
CREATE TRIGGER names_left_by_renamed_cases AFTER UPDATE OF name ON cases
WHEN NEW.name <> OLD.name AND NOT EXISTS (SELECT 1 FROM cases WHERE name = OLD.name)
  AND NOT EXISTS (SELECT 1 FROM residents WHERE name = OLD.name)
BEGIN DELETE FROM names_spelt WHERE name = OLD.name; DELETE FROM names_to_spell WHERE name = OLD.name; END;
CREATE TRIGGER names_left_by_residents AFTER DELETE ON residents
WHEN NOT EXISTS (SELECT 1 FROM cases WHERE name = OLD.name) AND NOT EXISTS (SELECT 1 FROM residents WHERE name = OLD.name)
BEGIN DELETE FROM names_spelt WHERE name = OLD.name; DELETE FROM names_to_spell WHERE name = OLD.name; END;
CREATE TRIGGER names_left_by_renamed_residents AFTER UPDATE OF name ON residents
WHEN NEW.name <> OLD.name AND NOT EXISTS (SELECT 1 FROM cases WHERE name = OLD.name)
  AND NOT EXISTS (SELECT 1 FROM residents WHERE name = OLD.name)
BEGIN DELETE FROM names_spelt WHERE name = OLD.name; DELETE FROM names_to_spell WHERE name = OLD.name; END;
