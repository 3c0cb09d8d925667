"""A run prints the scorecard when asked, below the table, for all its contracts."""

from click.testing import CliRunner

from legalaid_sim.cli.run_command import command
from legalaid_sim.measures.scorecard import FEATURES

SMALL = """\
kind: scenario
schema_version: 1
about: {title: a small test, question: what does it print?}
period: {starts: 2008-01-07, months: 2, lead_in_months: 0, run_out_months: 1}
clients:
  arrivals: {per_week: 3}
  problems: {debt: {contacts: 2}}
advisers:
  - {role: caseworker}
contracts: [unified-contract-2007, relational-pilot]
"""


def printed(tmp_path, *options):
    file = tmp_path / "small.yaml"
    file.write_text(SMALL)
    wanted = [str(file), "-r", "2", "-w", "1", "-o", str(tmp_path / "out"), *options]
    result = CliRunner().invoke(command, wanted, catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def test_the_scorecard_comes_below_the_table_when_asked_for(tmp_path):
    output = printed(tmp_path, "--scorecard")
    head, card = output.split("one-to-one scorecard", 1)
    assert "continuity.coc" in head
    assert all(f"\n{feature.title}\n" in card for feature in FEATURES)
    assert card.count("place") >= len(FEATURES)


def test_it_does_not_come_unasked(tmp_path):
    assert "scorecard" not in printed(tmp_path)
