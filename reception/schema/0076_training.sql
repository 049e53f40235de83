-- The button at the counter reads 开始接待. A text that a centre wrote itself stays as it is.
UPDATE training_tasks SET how = '来访人到窗口后按“开始接待”，起身问好；办完按“接待完成”。'
WHERE code = 'receive' AND how = '来访人到窗口后按“到了，开始”，起身问好；办完按“接待完成”。';
-- What a counter has learnt since: a code that a centre made itself stands.
INSERT INTO training_tasks (code, name, name_en, how, how_en, act, times, position) VALUES
  ('danger', '登记险情', 'Register a danger', '有人报燃气味、爆管、困梯：先登记险情种类和地点，险情单立即打印，再按指引处理。', 'Somebody reports gas, a burst pipe, a stuck lift: register what and where first; its slip prints at once, then follow the guidance.', 'open_emergency', 1, 17),
  ('silent-key', '专项接待静默键', 'The silent key', '在窗口按静默键登记专项接待：屏幕上什么也不显示，负责人收到通知。来访人面前不要说出来。', 'Press the silent key at the counter: the screen shows nothing, those responsible are told. Do not speak of it before the visitor.', 'open_incident', 1, 18),
  ('release', '物品放行申请', 'A release pass', '业主要搬出大件：登记物品和数量、搬出时间，交由审批；批准后才打印放行条。', 'An owner takes out large things: register them, how many and when; the pass prints only once approved.', 'open_release', 1, 19),
  ('procedure', '办理事项', 'Begin a procedure', '受理一件入住、装修或出租登记，按清单告诉业主还缺什么。', 'Begin a move-in, renovation or lease, and tell the owner from the checklist what is still missing.', 'open_procedure', 1, 20),
  ('inspection', '登记房屋验收', 'Register an inspection', '为业主登记房屋验收，约好时间。', 'Register the inspection of a home for its owner, at an agreed time.', 'open_inspection', 1, 21),
  ('custody', '登记空置房托管', 'A home in custody', '业主长期不住：登记房屋托管，问清期限和钥匙。', 'An owner will be away for long: register the custody of the home, ask for its time and keys.', 'draft_custody', 1, 22),
  ('tour', '登记参观接待', 'Register a tour', '有单位来电要求参观：登记单位、人数和时间，交由审批。', 'A body asks to visit: register who, how many and when; it goes for approval.', 'open_tour', 1, 23)
ON CONFLICT (code) DO NOTHING;
