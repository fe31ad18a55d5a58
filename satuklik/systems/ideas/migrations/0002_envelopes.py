"""Until a round is counted its ballots lie in envelopes in the voters' own rows, and nowhere else (ADR 0031)."""

import hashlib
import hmac

from django.db import migrations, models

from satuklik.base.sealing import actions as sealing
from satuklik.systems.ideas import envelopes


def into_envelopes(apps, schema_editor):
    """Ballots of rounds that are not counted yet: each goes to its voter, whom its mark names under the round's key."""
    rounds, voters, ballots = (apps.get_model("ideas", name) for name in ("Round", "Voter", "Ballot"))
    for one in rounds.objects.filter(counted_at=None).exclude(sealed_key=None):
        key = sealing.unseal(bytes(one.sealed_key), purpose="ideas ballot", owner=f"round:{one.pk}")
        room = envelopes.room_for(one.ideas.values_list("pk", flat=True))
        marked = dict(ballots.objects.filter(round=one).values_list("mark", "choices"))
        for voter in voters.objects.filter(round=one):
            choices = marked.pop(hmac.new(key, str(voter.person_id).encode(), hashlib.sha256).hexdigest())
            voter.envelope = envelopes.close(
                key, choices, round_id=one.pk, person_id=voter.person_id, room=room
            )
            voter.save(update_fields=["envelope"])
        if marked:
            raise RuntimeError(f"Round {one.pk} has ballots without voters.")
        ballots.objects.filter(round=one).delete()
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [("ideas", "0001_initial")]
    operations = [
        migrations.AddField("voter", "envelope", models.BinaryField(null=True)),
        migrations.RunPython(into_envelopes, migrations.RunPython.noop),
        migrations.RemoveConstraint("ballot", "ideas_ballot_once"),
        migrations.RemoveField("ballot", "mark"),
    ]
