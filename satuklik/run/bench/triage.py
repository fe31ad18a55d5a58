"""Triage: the time of one message, and the honest figures on chats written apart from those it learned from."""

import time
from collections.abc import Callable
from dataclasses import replace

from satuklik.run.bench.material import row

ISSUE = 4
MILLISECONDS = 5.0
ROUNDS = 5


def measure(progress: Callable[[str], None]) -> list[dict[str, object]]:
    """Learned from the seed corpus, measured on the hold-out. Figures of quality have no target: they are told as they
    are. Both corpora are synthetic, and small: figures of a real inbox will differ."""
    from satuklik.spine.intake import tables, training
    from satuklik.spine.intake.commands import holdout_rows, seed_rows
    from satuklik.spine.intake.rules.measuring import figures
    from satuklik.spine.intake.rules.routing import Nearest

    seed, apart = seed_rows(), holdout_rows()
    rules = tables.pipeline(with_places=False)
    progress(f"learning from {len(seed)} chats")
    model = training.train(seed, rules, origin="seed", version="bench")
    tickets = [(one.text, one.agency, "") for one in seed if one.agency]
    trained = replace(rules, model=model, nearest=Nearest(tickets, rules.read))
    progress(f"measuring on {len(apart)} chats")
    alone = figures(training.decide(apart, rules))
    found = figures(training.decide(apart, trained))
    masked = figures(training.decide(apart, trained, masked=True))
    texts = [one.text for one in apart]
    taken = sorted(_times(trained.look, texts))
    size = f"{found.size} chats written apart, learned from {len(seed)} of patterns; none is real"
    return [
        row("triage.message_p50", taken[len(taken) // 2], "ms", MILLISECONDS, issue=ISSUE),
        row("triage.message_p99", taken[len(taken) * 99 // 100], "ms", None, issue=ISSUE),
        row("triage.kind_macro_f1", found.macro_f1, "", None, issue=ISSUE, note=size),
        row("triage.kind_macro_f1_masked", masked.macro_f1, "", None, issue=ISSUE),
        row("triage.kind_macro_f1_rules_alone", alone.macro_f1, "", None, issue=ISSUE),
        row(
            "triage.agency_top3",
            found.top3 or 0.0,
            "",
            None,
            issue=ISSUE,
            note=f"{found.agency_size} with an agency",
        ),
        row("triage.agency_top1", found.top1 or 0.0, "", None, issue=ISSUE),
        row("triage.agency_top3_masked", masked.top3 or 0.0, "", None, issue=ISSUE),
        row("triage.agency_top3_rules_alone", alone.top3 or 0.0, "", None, issue=ISSUE),
        row("triage.sure_of", found.coverage, "", None, issue=ISSUE),
        row("triage.right_where_sure", found.sure_precision or 0.0, "", None, issue=ISSUE),
        row("triage.calibration_error", found.calibration_error, "", None, issue=ISSUE),
    ]


def _times(look: Callable[[str], object], texts: list[str]) -> list[float]:
    """Milliseconds of each message."""
    found = []
    for turn in range(ROUNDS):
        for text in texts:
            begin = time.perf_counter()
            look(text)
            if turn:
                found.append((time.perf_counter() - begin) * 1000)
    return found
