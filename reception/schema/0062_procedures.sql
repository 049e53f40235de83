-- 办理事项与清单 (SYS-35, SYS-38, FRM-12, 16, 18, 19, 25, FLW-08): procedures of a home as data. What a case of a kind
-- begins with (`serves`) stands in three lists of the centre: the matter, for whom, and the items.
INSERT INTO case_states (kind, state, terminal, answered) VALUES
  ('procedure', 'open', 0, 0), ('procedure', 'done', 1, 1), ('procedure', 'withdrawn', 1, 1);

CREATE TABLE procedure_templates (
  code TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  name_en TEXT NOT NULL,
  -- The kind of case that begins with it.
  serves TEXT NOT NULL DEFAULT 'procedure',
  -- What becomes of the file of the home once it is done (`procedure_effects`).
  effect TEXT NOT NULL DEFAULT 'none' CHECK (effect IN ('none', 'move_in', 'lease', 'transfer')),
  -- Whether it has a first and a last day: a lease, a renovation.
  dated INTEGER NOT NULL DEFAULT 0 CHECK (dated IN (0, 1)),
  -- Whether the list of what to bring is shown to everybody.
  public INTEGER NOT NULL DEFAULT 1 CHECK (public IN (0, 1)),
  department TEXT REFERENCES departments (code),
  position INTEGER NOT NULL DEFAULT 0,
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE TABLE procedure_variants (
  code TEXT PRIMARY KEY,
  template TEXT NOT NULL REFERENCES procedure_templates (code),
  name TEXT NOT NULL,
  name_en TEXT NOT NULL,
  position INTEGER NOT NULL DEFAULT 0,
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE INDEX procedure_variants_of ON procedure_variants (template, position);
CREATE TABLE procedure_items (
  id INTEGER PRIMARY KEY,
  template TEXT NOT NULL REFERENCES procedure_templates (code),
  -- NULL: for every variant.
  variant TEXT REFERENCES procedure_variants (code),
  section TEXT NOT NULL CHECK (section IN ('documents', 'forms', 'fees', 'keys', 'goods', 'signatures', 'tasks',
                                           'checks')),
  text TEXT NOT NULL CHECK (text <> ''),
  text_en TEXT NOT NULL,
  required INTEGER NOT NULL DEFAULT 1 CHECK (required IN (0, 1)),
  -- The step that a required one must be done before.
  gate TEXT NOT NULL DEFAULT 'close' CHECK (gate IN ('start', 'close')),
  -- Whose it is; NULL: of whoever has the case.
  department TEXT REFERENCES departments (code),
  role TEXT,
  -- Minutes from the anchor of the case, before it below 0; NULL: at no set time.
  offset_minutes INTEGER CHECK (offset_minutes BETWEEN -43200 AND 43200),
  position INTEGER NOT NULL DEFAULT 0,
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT;
CREATE INDEX procedure_items_of ON procedure_items (template, position);

-- The items of one case, as the lists were when it began: a change of the lists changes no case that runs.
CREATE TABLE case_items (
  id INTEGER PRIMARY KEY,
  case_id INTEGER NOT NULL REFERENCES cases (id),
  section TEXT NOT NULL,
  text TEXT NOT NULL,
  text_en TEXT NOT NULL,
  required INTEGER NOT NULL CHECK (required IN (0, 1)),
  gate TEXT NOT NULL,
  department TEXT REFERENCES departments (code),
  role TEXT,
  offset_minutes INTEGER,
  due_at TEXT CHECK (length(due_at) = 24),
  position INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'waived')),
  note TEXT NOT NULL DEFAULT '',
  at TEXT CHECK (length(at) = 24),
  by_id INTEGER REFERENCES staff (id),
  CHECK ((state = 'open') = (at IS NULL) AND (at IS NULL) = (by_id IS NULL)),
  CHECK (state <> 'waived' OR note <> '')
) STRICT;
CREATE INDEX case_items_of ON case_items (case_id, position);
CREATE INDEX case_items_due ON case_items (due_at) WHERE state = 'open' AND due_at IS NOT NULL;
CREATE TRIGGER case_items_keep BEFORE UPDATE OF case_id, section, text, text_en, required, gate, position ON case_items
BEGIN SELECT RAISE(ABORT, 'a case keeps the items it began with'); END;
CREATE TRIGGER case_items_stay BEFORE DELETE ON case_items
BEGIN SELECT RAISE(ABORT, 'a case keeps the items it began with'); END;
CREATE TRIGGER case_items_over BEFORE UPDATE OF state ON case_items
WHEN NEW.state <> OLD.state AND EXISTS (SELECT 1 FROM cases WHERE id = NEW.case_id AND closed_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the case is over'); END;

CREATE TABLE procedures (
  case_id INTEGER PRIMARY KEY REFERENCES cases (id),
  template TEXT NOT NULL REFERENCES procedure_templates (code),
  variant TEXT REFERENCES procedure_variants (code),
  from_on TEXT CHECK (from_on GLOB '????-??-??'),
  until_on TEXT CHECK (until_on GLOB '????-??-??'),
  remark TEXT NOT NULL DEFAULT '',
  CHECK (until_on IS NULL OR from_on IS NULL OR from_on <= until_on)
) STRICT;
CREATE TRIGGER procedures_done_when_complete BEFORE UPDATE OF state ON cases
WHEN NEW.kind = 'procedure' AND NEW.state = 'done' AND OLD.state <> 'done'
  AND EXISTS (SELECT 1 FROM case_items WHERE case_id = NEW.id AND required = 1 AND state = 'open')
BEGIN SELECT RAISE(ABORT, 'a required item is open'); END;

-- What the procedures of the source name (为业主办理入住服务规程); a centre changes it in its settings.
INSERT INTO procedure_templates (code, name, name_en, effect, dated, position) VALUES
  ('move-in', '入住办理', 'Moving in', 'move_in', 0, 1),
  ('renovation', '装修申请', 'Renovation', 'none', 1, 2),
  ('lease', '出租登记', 'Lease', 'lease', 1, 3),
  ('transfer', '过户登记', 'Change of owner', 'transfer', 0, 4);
INSERT INTO procedure_variants (code, template, name, name_en, position) VALUES
  ('move-in-owner', 'move-in', '业主本人', 'The owner himself', 1),
  ('move-in-agent', 'move-in', '委托他人代办', 'Somebody on his behalf', 2),
  ('move-in-company', 'move-in', '单位购买', 'A company that bought it', 3),
  ('renovation-owner', 'renovation', '业主本人', 'The owner himself', 1),
  ('renovation-agent', 'renovation', '委托他人代办', 'Somebody on his behalf', 2),
  ('lease-owner', 'lease', '业主本人', 'The owner himself', 1),
  ('lease-agent', 'lease', '委托他人代办', 'Somebody on his behalf', 2),
  ('transfer-owner', 'transfer', '新业主本人', 'The new owner himself', 1),
  ('transfer-agent', 'transfer', '委托他人代办', 'Somebody on his behalf', 2),
  ('transfer-company', 'transfer', '单位购买', 'A company that bought it', 3);
INSERT INTO procedure_items (template, variant, section, text, text_en, required, position) VALUES
  ('move-in', NULL, 'documents', '业主身份证', 'Identity card of the owner', 1, 1),
  ('move-in', NULL, 'documents', '入住通知单（或交房确认书）', 'Notice of moving in, or confirmation of hand-over', 1, 2),
  ('move-in', NULL, 'documents', '房屋买卖契约（或购房合同）', 'Contract of sale of the home', 1, 3),
  ('move-in', 'move-in-agent', 'documents', '代办人身份证', 'Identity card of whoever comes', 1, 4),
  ('move-in', 'move-in-agent', 'documents', '委托书（业主签字）', 'Letter of authority, signed by the owner', 1, 5),
  ('move-in', 'move-in-company', 'documents', '单位证明', 'Certificate of the company', 1, 4),
  ('move-in', 'move-in-company', 'documents', '经办人身份证明', 'Proof of identity of whoever comes', 1, 5),
  ('move-in', NULL, 'forms', '《住户登记表》', 'Register form of the household', 1, 10),
  ('move-in', NULL, 'forms', '物业管理服务协议', 'Property service agreement', 1, 11),
  ('move-in', NULL, 'forms', '业主临时管理规约', 'Provisional owners'' rules', 1, 12),
  ('move-in', NULL, 'forms', '装修申请表、装修管理协议', 'Renovation form and agreement', 0, 13),
  ('move-in', NULL, 'fees', '物业管理费', 'Property service fee', 1, 20),
  ('move-in', NULL, 'checks', '房屋验收（水、电、煤气表底数共同确认）', 'Home inspected, meters read together', 1, 25),
  ('move-in', NULL, 'keys', '房屋钥匙', 'Keys of the home', 1, 30),
  ('move-in', NULL, 'goods', '《住户手册》', 'Residents'' handbook', 1, 31),
  ('move-in', NULL, 'goods', '房屋水电图', 'Plan of water and electricity', 1, 32),
  ('move-in', NULL, 'goods', '装修须知', 'Rules of renovating', 1, 33),
  ('move-in', NULL, 'signatures', '《入住文本签收单》已签字', 'Receipt of papers and goods signed', 1, 40),
  ('renovation', NULL, 'documents', '业主身份证', 'Identity card of the owner', 1, 1),
  ('renovation', NULL, 'documents', '装修方案、图纸', 'Plan and drawings', 1, 2),
  ('renovation', NULL, 'documents', '装修公司营业执照、资质', 'Licence of the contractor', 1, 3),
  ('renovation', 'renovation-agent', 'documents', '代办人身份证', 'Identity card of whoever comes', 1, 4),
  ('renovation', 'renovation-agent', 'documents', '委托书（业主签字）', 'Letter of authority, signed by the owner', 1, 5),
  ('renovation', NULL, 'forms', '装修申请表', 'Renovation form', 1, 10),
  ('renovation', NULL, 'forms', '装修管理协议', 'Renovation agreement', 1, 11),
  ('renovation', NULL, 'goods', '装修须知', 'Rules of renovating', 1, 30),
  ('renovation', NULL, 'signatures', '装修须知签收', 'Receipt of the rules signed', 1, 40),
  ('lease', NULL, 'documents', '业主身份证', 'Identity card of the owner', 1, 1),
  ('lease', NULL, 'documents', '房产证或购房合同', 'Title, or contract of sale', 1, 2),
  ('lease', NULL, 'documents', '租赁合同', 'Contract of lease', 1, 3),
  ('lease', NULL, 'documents', '承租人身份证', 'Identity card of the tenant', 1, 4),
  ('lease', 'lease-agent', 'documents', '代办人身份证', 'Identity card of whoever comes', 1, 5),
  ('lease', 'lease-agent', 'documents', '委托书（业主签字）', 'Letter of authority, signed by the owner', 1, 6),
  ('lease', NULL, 'forms', '出租登记、《住户登记表》', 'Lease entered, register form of the household', 1, 10),
  ('lease', NULL, 'fees', '物业管理费已结清（或约定由谁交）', 'Service fee settled, or agreed who pays', 1, 20),
  ('lease', NULL, 'goods', '《住户手册》', 'Residents'' handbook', 0, 30),
  ('lease', NULL, 'signatures', '业主、承租人签字', 'Signed by owner and tenant', 1, 40),
  ('transfer', NULL, 'documents', '新业主身份证', 'Identity card of the new owner', 1, 1),
  ('transfer', NULL, 'documents', '房产证（已过户）或买卖合同', 'Title in his name, or contract of sale', 1, 2),
  ('transfer', NULL, 'documents', '原业主身份证或委托书', 'Identity card of the old owner, or his authority', 0, 3),
  ('transfer', 'transfer-agent', 'documents', '代办人身份证', 'Identity card of whoever comes', 1, 4),
  ('transfer', 'transfer-agent', 'documents', '委托书（新业主签字）', 'Letter of authority, signed by the new owner', 1, 5),
  ('transfer', 'transfer-company', 'documents', '单位证明', 'Certificate of the company', 1, 4),
  ('transfer', 'transfer-company', 'documents', '经办人身份证明', 'Proof of identity of whoever comes', 1, 5),
  ('transfer', NULL, 'forms', '《住户登记表》', 'Register form of the household', 1, 10),
  ('transfer', NULL, 'forms', '物业管理服务协议', 'Property service agreement', 1, 11),
  ('transfer', NULL, 'fees', '原业主物业费已结清', 'Fees of the old owner settled', 1, 20),
  ('transfer', NULL, 'keys', '门禁、钥匙交接', 'Access cards and keys handed on', 0, 30),
  ('transfer', NULL, 'signatures', '新业主签字', 'Signed by the new owner', 1, 40);
