"""What the papers are called that are signed and filed (归档表): the names of the procedures, in both languages."""

from reception.wording import Words

# `domain.md` part C: FRM-01, 02, 03, 04, 05, 09, 11, 13, 15, 17, 21, the 督办单 of SYS-21, the 月报 of SYS-22.
NAMES = {
    "visit_form": Words("接访来访登记表", "Visit-day form"),
    "visitor_register": Words("来访登记表", "Visitor register"),
    "repair_form": Words("业主报修登记表（维修工作单）", "Repair form (work order)"),
    "paid_form": Words("业主报修有偿服务登记表", "Paid repair form"),
    "complaint_form": Words("投诉意见登记表", "Complaint form"),
    "supervision_form": Words("督办单", "Supervision form"),
    "incident_form": Words("突发事件处理记录表", "Incident record"),
    "acceptance_form": Words("房屋质量验收登记表", "Home acceptance form"),
    "custody_agreement": Words("房屋托管协议", "Custody agreement"),
    "household_form": Words("住户登记表", "Register form of the household"),
    "procedure_list": Words("办理清单", "Checklist of a procedure"),
    "goods_receipt": Words("入住文本、物品签收单", "Receipt of papers and goods"),
    "work_log": Words("客户服务中心工作日志", "Work log of the service centre"),
    "tour_plan": Words("接待支配表", "Plan of the reception"),
    "tour_review": Words("参观接待值班与总结记录", "Record and review of the tour"),
    "month_report": Words("客户服务月报", "Month report of the service centre"),
    "visit_summary": Words("接访日工作总结", "Summary of the visit day"),
}
