"""Everything that changes a request, an objection, a letter, a register or a list. One noun a file below."""

from satuklik.systems.ppid.actions.checking import (
    begin_check,
    declare_complete,
    declare_incomplete,
    supplement,
    take,
    withdraw,
)
from satuklik.systems.ppid.actions.clocks import recount
from satuklik.systems.ppid.actions.deciding import (
    Decided,
    Tested,
    begin_test,
    decide,
    record_test,
    take_back,
)
from satuklik.systems.ppid.actions.delivering import (
    close,
    deliver,
    hand_over_notice,
    notify,
    open_files,
    record_payment,
)
from satuklik.systems.ppid.actions.extending import extend, hand_over_extension, take_back_extension
from satuklik.systems.ppid.actions.forwarding import (
    ask_clarification,
    clarify,
    on_answered,
    on_given_back,
    refer,
    take_over,
)
from satuklik.systems.ppid.actions.listing import Item, drop_file, save_item, show_item
from satuklik.systems.ppid.actions.objecting import (
    Proxy,
    close_objection,
    decide_objection,
    file_objection,
    record_dispute,
    record_ruling,
    record_stage,
    respond,
    send_to_superior,
    take_back_objection,
    withdraw_objection,
)
from satuklik.systems.ppid.actions.objecting import receipt as objection_receipt
from satuklik.systems.ppid.actions.publishing import publish_answer, suggestion, withdraw_answer
from satuklik.systems.ppid.actions.receiving import Given, GivenFile, receipt, register_request
from satuklik.systems.ppid.actions.reminding import remind
from satuklik.systems.ppid.actions.reporting import add_evidence, remove_evidence, save_report
from satuklik.systems.ppid.actions.setting import agree_to_parameter, drop_parameter, propose_parameter
from satuklik.systems.ppid.actions.signing import sign
from satuklik.systems.ppid.actions.telling import send_link

__all__ = [
    "Decided",
    "Given",
    "GivenFile",
    "Item",
    "Proxy",
    "Tested",
    "add_evidence",
    "agree_to_parameter",
    "ask_clarification",
    "begin_check",
    "begin_test",
    "clarify",
    "close",
    "close_objection",
    "decide",
    "decide_objection",
    "declare_complete",
    "declare_incomplete",
    "deliver",
    "drop_file",
    "drop_parameter",
    "extend",
    "file_objection",
    "hand_over_extension",
    "hand_over_notice",
    "notify",
    "objection_receipt",
    "on_answered",
    "on_given_back",
    "open_files",
    "propose_parameter",
    "publish_answer",
    "receipt",
    "record_dispute",
    "record_payment",
    "record_ruling",
    "record_stage",
    "record_test",
    "recount",
    "refer",
    "register_request",
    "remind",
    "remove_evidence",
    "respond",
    "save_item",
    "save_report",
    "send_link",
    "send_to_superior",
    "show_item",
    "sign",
    "suggestion",
    "supplement",
    "take",
    "take_back",
    "take_back_extension",
    "take_back_objection",
    "take_over",
    "withdraw",
    "withdraw_answer",
    "withdraw_objection",
]  # fmt: skip
