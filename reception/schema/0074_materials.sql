-- 所需材料 (SYS-34, SYS-36, SYS-37, SYS-39): what to bring for what opens no procedure (`serves` 'none'), so that nobody
-- comes twice for goods to let out, a bill to pay, a home to inspect or to give into custody. What an inspection begins
-- with is `home-inspection` and stays as it is. A code that the centre made itself stays the centre's, items and all.
INSERT OR IGNORE INTO procedure_templates (code, name, name_en, serves, position) VALUES
  ('bring-release', '物品放行', 'Taking goods out', 'none', 30),
  ('bring-fees', '缴费', 'Paying fees', 'none', 31),
  ('bring-inspection', '房屋验收', 'Home inspection', 'none', 32),
  ('bring-custody', '房屋托管', 'Home in custody', 'none', 33);

INSERT OR IGNORE INTO procedure_variants (code, template, name, name_en, position)
SELECT code, template, name, name_en, place FROM (
  SELECT '' AS code, '' AS template, '' AS name, '' AS name_en, 0 AS place WHERE 0 UNION ALL VALUES
  ('bring-release-owner', 'bring-release', '业主', 'The owner', 1),
  ('bring-release-tenant', 'bring-release', '租户搬家', 'A tenant moving out', 2),
  ('bring-release-agent', 'bring-release', '委托他人代办', 'Somebody on his behalf', 3),
  ('bring-fees-home', 'bring-fees', '个人', 'A household', 1),
  ('bring-fees-company', 'bring-fees', '单位（开票）', 'A company (invoice)', 2),
  ('bring-inspection-owner', 'bring-inspection', '业主本人', 'The owner himself', 1),
  ('bring-inspection-agent', 'bring-inspection', '委托他人代办', 'Somebody on his behalf', 2),
  ('bring-custody-owner', 'bring-custody', '业主本人', 'The owner himself', 1),
  ('bring-custody-agent', 'bring-custody', '委托他人代办', 'Somebody on his behalf', 2)
) WHERE template IN (SELECT code FROM procedure_templates WHERE serves = 'none');

INSERT INTO procedure_items (template, variant, section, text, text_en, required, position)
SELECT template, variant, section, text, text_en, required, place FROM (
  SELECT '' AS template, '' AS variant, '' AS section, '' AS text, '' AS text_en, 0 AS required, 0 AS place WHERE 0
  UNION ALL VALUES
  ('bring-release', NULL, 'documents', '来人身份证', 'Identity card of whoever comes', 1, 1),
  ('bring-release', NULL, 'documents', '物品清单（品名、数量）', 'List of the goods: what, how many', 1, 2),
  ('bring-release', 'bring-release-tenant', 'documents', '租赁合同', 'Contract of lease', 1, 3),
  ('bring-release', 'bring-release-tenant', 'documents', '业主书面同意', 'The owner''s consent, in writing', 1, 4),
  ('bring-release', 'bring-release-agent', 'documents', '委托书（业主签字）', 'Letter of authority, signed by the owner', 1, 3),
  ('bring-release', 'bring-release-tenant', 'fees', '物业费等费用已结清', 'Fees of the home settled', 1, 20),
  ('bring-fees', NULL, 'documents', '收费通知单（如已收到）', 'Fee notice, if one has come', 1, 1),
  ('bring-fees', NULL, 'documents', '房号（楼、单元、室）', 'Number of the home: building, unit, room', 1, 2),
  ('bring-fees', 'bring-fees-company', 'documents', '开票信息（单位名称、税号）', 'For the invoice: name, tax number', 1, 3),
  ('bring-fees', NULL, 'fees', '通知单所列费用', 'What the notice states', 1, 20),
  ('bring-inspection', NULL, 'documents', '业主身份证', 'Identity card of the owner', 1, 1),
  ('bring-inspection', NULL, 'documents', '交房确认书', 'Confirmation of hand-over', 1, 2),
  ('bring-inspection', 'bring-inspection-agent', 'documents', '代办人身份证', 'Identity card of whoever comes', 1, 3),
  ('bring-inspection', 'bring-inspection-agent', 'documents', '委托书（业主签字）', 'Letter of authority, signed by the owner', 1, 4),
  ('bring-custody', NULL, 'documents', '业主身份证', 'Identity card of the owner', 1, 1),
  ('bring-custody', NULL, 'documents', '房产证或购房合同', 'Title, or contract of sale', 1, 2),
  ('bring-custody', NULL, 'documents', '房屋钥匙', 'Keys of the home', 1, 3),
  ('bring-custody', 'bring-custody-agent', 'documents', '代办人身份证', 'Identity card of whoever comes', 1, 4),
  ('bring-custody', 'bring-custody-agent', 'documents', '委托书（业主签字）', 'Letter of authority, signed by the owner', 1, 5)
) AS listed WHERE template IN (SELECT code FROM procedure_templates WHERE serves = 'none')
  AND (variant IS NULL OR EXISTS (SELECT 1 FROM procedure_variants AS one
                                  WHERE one.code = listed.variant AND one.template = listed.template));
