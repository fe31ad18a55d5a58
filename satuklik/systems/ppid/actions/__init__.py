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
    keep_file,
    notify,
    open_files,
    record_payment,
)
from satuklik.systems.ppid.actions.forwarding import (
    ask_clarification,
    clarify,
    extend,
    on_answered,
    on_given_back,
    refer,
    take_over,
)
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
from satuklik.systems.ppid.actions.receiving import Given, GivenFile, register_request
from satuklik.systems.ppid.actions.signing import sign

__all__ = [
    "Decided", "Given", "GivenFile", "Proxy", "Tested", "ask_clarification", "begin_check", "begin_test", "clarify",
    "close", "close_objection", "decide", "decide_objection", "declare_complete", "declare_incomplete", "deliver",
    "extend", "file_objection", "hand_over_notice", "keep_file", "notify", "on_answered", "on_given_back", "open_files",
    "record_dispute", "record_payment", "record_ruling", "record_stage", "record_test", "recount", "refer",
    "register_request", "respond", "send_to_superior", "sign", "supplement", "take", "take_back", "take_back_objection",
    "take_over", "withdraw", "withdraw_objection",
]  # fmt: skip
