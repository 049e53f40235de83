-- What people are told of their data (隐私说明), version by version, and on what ground each of them came to stand here.
-- The newest version is in force; none is ever changed. `visits.notice_version` and `fault_households.notice_version`
-- bear its label (`v1`), or the label of a time when there was no more than one sentence.
CREATE TABLE privacy_notices (
  version INTEGER PRIMARY KEY,
  text TEXT NOT NULL CHECK (length(text) > 0),
  text_en TEXT NOT NULL CHECK (length(text_en) > 0),
  -- Codes of `privacy_notices.PURPOSES`, with spaces between.
  purposes TEXT NOT NULL CHECK (length(purposes) > 0),
  published_at TEXT NOT NULL,
  -- NULL: it came with the product.
  by_id INTEGER REFERENCES staff (id)
) STRICT;
CREATE TRIGGER privacy_notices_no_update BEFORE UPDATE ON privacy_notices
BEGIN SELECT RAISE(ABORT, 'a notice is never changed'); END;
CREATE TRIGGER privacy_notices_no_delete BEFORE DELETE ON privacy_notices
BEGIN SELECT RAISE(ABORT, 'a notice is never changed'); END;
CREATE TRIGGER privacy_notices_in_order BEFORE INSERT ON privacy_notices
WHEN NEW.version <= (SELECT max(version) FROM privacy_notices)
BEGIN SELECT RAISE(ABORT, 'a notice is never put before another'); END;

-- One row for each time that a name or a telephone was written: of which row, under which version, how and on what
-- ground (PIPL 13). Who was typed in by the staff or came by a list agreed to nothing: the ground says so.
CREATE TABLE consents (
  id INTEGER PRIMARY KEY CHECK (id > 0),
  subject TEXT NOT NULL CHECK (subject IN ('cases', 'visits', 'residents', 'former_residents', 'fault_households',
    'phone_calls', 'case_agents', 'handovers')),
  subject_id INTEGER NOT NULL,
  notice INTEGER NOT NULL REFERENCES privacy_notices (version),
  purposes TEXT NOT NULL,
  channel TEXT NOT NULL CHECK (channel IN ('kiosk', 'phone', 'desk', 'call', 'list')),
  ground TEXT NOT NULL CHECK (ground IN ('consent', 'service', 'duty')),
  at TEXT NOT NULL,
  by_id INTEGER REFERENCES staff (id),
  withdrawn_at TEXT,
  withdrawn_by INTEGER REFERENCES staff (id),
  -- Only who typed it himself, with the notice before him, agreed; and only what was agreed is taken back.
  CHECK (ground <> 'consent' OR (channel IN ('kiosk', 'phone') AND by_id IS NULL)),
  CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL)),
  CHECK (withdrawn_at IS NULL OR ground = 'consent')
) STRICT;
CREATE INDEX consents_subject ON consents (subject, subject_id);
CREATE TRIGGER consents_stay BEFORE UPDATE ON consents
WHEN OLD.withdrawn_at IS NOT NULL OR NEW.id <> OLD.id OR NEW.subject <> OLD.subject OR NEW.subject_id <> OLD.subject_id
  OR NEW.notice <> OLD.notice OR NEW.purposes <> OLD.purposes OR NEW.channel <> OLD.channel OR NEW.ground <> OLD.ground
  OR NEW.at <> OLD.at OR NEW.by_id IS NOT OLD.by_id
BEGIN SELECT RAISE(ABORT, 'a consent is withdrawn, never changed'); END;
-- REPLACE takes a row away without firing the trigger on DELETE (a row that is still to get its number has -1 here).
CREATE TRIGGER consents_never_replaced BEFORE INSERT ON consents
WHEN NEW.withdrawn_at IS NOT NULL OR (NEW.id > 0 AND EXISTS (SELECT 1 FROM consents WHERE id = NEW.id))
BEGIN SELECT RAISE(ABORT, 'a consent is withdrawn, never changed'); END;
-- A ground goes with what stands on it, and not before.
CREATE TRIGGER consents_stand BEFORE DELETE ON consents WHEN CASE OLD.subject
  WHEN 'cases' THEN EXISTS (SELECT 1 FROM cases WHERE id = OLD.subject_id AND (name <> '' OR phone <> ''))
  WHEN 'visits' THEN EXISTS (SELECT 1 FROM visits WHERE id = OLD.subject_id
    AND (coalesce(name, '') <> '' OR coalesce(phone, '') <> '' OR unit_id IS NOT NULL))
  WHEN 'residents' THEN EXISTS (SELECT 1 FROM residents WHERE id = OLD.subject_id)
  WHEN 'former_residents' THEN EXISTS (SELECT 1 FROM former_residents WHERE id = OLD.subject_id)
  WHEN 'fault_households' THEN EXISTS (SELECT 1 FROM fault_households WHERE id = OLD.subject_id
    AND (name <> '' OR phone <> ''))
  WHEN 'phone_calls' THEN EXISTS (SELECT 1 FROM phone_calls WHERE id = OLD.subject_id AND phone <> '')
  WHEN 'case_agents' THEN EXISTS (SELECT 1 FROM case_agents WHERE case_id = OLD.subject_id)
  ELSE EXISTS (SELECT 1 FROM handovers WHERE case_id = OLD.subject_id
    AND (sender NOT IN ('', '（已删除）') OR taken_by NOT IN ('', '（已删除）')))
  END
BEGIN SELECT RAISE(ABORT, 'a ground goes with what stands on it'); END;

-- What is nobody's any more has no ground to stand on: erasure and retention take it along, whoever does them.
CREATE TRIGGER cases_forgotten AFTER UPDATE OF name, phone ON cases WHEN NEW.name = '' AND NEW.phone = ''
BEGIN DELETE FROM consents WHERE subject = 'cases' AND subject_id = NEW.id; END;
CREATE TRIGGER visits_forgotten AFTER UPDATE OF name, phone, unit_id ON visits
WHEN coalesce(NEW.name, '') = '' AND coalesce(NEW.phone, '') = '' AND NEW.unit_id IS NULL
BEGIN DELETE FROM consents WHERE subject = 'visits' AND subject_id = NEW.id; END;
CREATE TRIGGER fault_households_forgotten AFTER UPDATE OF name, phone ON fault_households
WHEN NEW.name = '' AND NEW.phone = ''
BEGIN DELETE FROM consents WHERE subject = 'fault_households' AND subject_id = NEW.id; END;
CREATE TRIGGER fault_households_gone AFTER DELETE ON fault_households
BEGIN DELETE FROM consents WHERE subject = 'fault_households' AND subject_id = OLD.id; END;
CREATE TRIGGER phone_calls_forgotten AFTER UPDATE OF phone ON phone_calls WHEN NEW.phone = ''
BEGIN DELETE FROM consents WHERE subject = 'phone_calls' AND subject_id = NEW.id; END;
CREATE TRIGGER handovers_forgotten AFTER UPDATE OF sender, taken_by ON handovers
WHEN NEW.sender IN ('', '（已删除）') AND coalesce(NEW.taken_by, '') IN ('', '（已删除）')
BEGIN DELETE FROM consents WHERE subject = 'handovers' AND subject_id = NEW.case_id; END;
CREATE TRIGGER residents_forgotten AFTER DELETE ON residents
BEGIN DELETE FROM consents WHERE subject = 'residents' AND subject_id = OLD.id; END;
CREATE TRIGGER former_residents_forgotten AFTER DELETE ON former_residents
BEGIN DELETE FROM consents WHERE subject = 'former_residents' AND subject_id = OLD.rowid; END;
CREATE TRIGGER case_agents_forgotten AFTER DELETE ON case_agents
BEGIN DELETE FROM consents WHERE subject = 'case_agents' AND subject_id = OLD.case_id; END;

INSERT INTO privacy_notices (version, text, text_en, purposes, published_at) VALUES (1,
'一、谁在处理您的信息
本说明由本物业服务中心（名称和电话见本页上方）作出。您的信息只存放在本中心自己的设备上，不上传到其他地方，不提供给境外，不用于营销，不作自动化决策。

二、我们记录什么、为了什么
1. 办理：您的姓名、电话、房号和您所说的事项，用来办理您提出的事项。
2. 联系：您的电话，用来告诉您结果、约定时间和回访。
3. 住户档案：业主、住户的姓名、电话、房号，用来认出住户、履行物业服务合同。
4. 安全与职责：突发事件、来访和上级部门查询，依照法律法规应当记录的内容。
取号可以不留姓名和电话。我们只看证件是否相符，不记证件号码。

三、依据什么
您自己在自助机或手机上填写的，依据您的同意；由工作人员登记的住户和来电，依据订立、履行物业服务合同所必需；法律法规要求记录的，依据法定职责和义务（《个人信息保护法》第十三条）。

四、保存多久
按本页所列的保存期限保存，期满后删去姓名、电话、房号和您写的文字，只留数量。

五、谁能看到
正在为您办理的人员能看到全部；其他工作人员看到的是遮盖后的姓名和电话，查看全部须写明理由并留下记录。大屏幕和叫号广播只有号码，没有您的姓名。除法律要求外，不提供给他人。

六、您的权利
您可以查阅、复制、更正、补充、删除您的信息，可以要求我们解释，也可以撤回同意；撤回不影响此前已经办理的事项，也不影响您继续到窗口办事。近亲属可以依法行使逝者的上述权利。
请到前台提出或致电本中心，由经理办理。对答复不满意的，可以向履行个人信息保护职责的部门投诉，或者向人民法院起诉。

七、未满十四周岁
未满十四周岁的，请由父母或者其他监护人陪同到前台办理。

八、说明的更改
本说明更改时公布新的版本，以前的版本保留，可以在前台查阅。',
'1. Who handles your data
This notice is given by this property service centre (its name and telephone stand at the top of this page). Your data stay on this centre''s own box: they are not uploaded anywhere, not sent abroad, not used for advertising, and no machine decides about you.

2. What we note, and what for
(1) To handle: your name, telephone, home and what you tell us, to handle the matter that you bring.
(2) To answer: your telephone, to tell you the result, to agree on a time and to ask how it went.
(3) Residents: names, telephones and homes of owners and residents, to recognise them and to perform the property service contract.
(4) Safety and duty: what laws and rules ask us to note of emergencies, of visits and of questions of the authorities.
You may take a number without giving name or telephone. We look whether a document fits; its number is not noted.

3. On what ground
What you type yourself at the kiosk or on your phone: your consent. Residents and callers whom our staff note: what is necessary for the property service contract. What the law asks us to note: duties by law (Personal Information Protection Law, article 13).

4. For how long
For the periods listed on this page; then names, telephones, homes and your words are deleted, and only counts stay.

5. Who sees it
Whoever is handling your matter sees it whole. Other staff see masked names and telephones; to see more they must give a reason, which is recorded. The big screen and the calls bear numbers only, never your name. Nobody else is given anything unless the law demands it.

6. Your rights
You may read, copy, correct, complete and delete your data, ask us to explain, and withdraw your consent; withdrawing does not undo what was done before, nor keep you from coming to the counter. Close relatives may use these rights for the dead as the law says.
Ask at the front desk or call this centre; the manager sees to it. If you are not content with the answer, you may complain to the authority for the protection of personal information, or go to court.

7. Under fourteen
Whoever is under fourteen comes to the front desk with a parent or guardian.

8. Changes
When this notice changes a new version is published; earlier ones are kept and can be read at the front desk.',
'handle answer residents duty', strftime('%Y-%m-%dT%H:%M:%S.000Z', 'now'));
