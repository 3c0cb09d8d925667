"""``legalaid-sim explain``: a contract, a key, a code, the facts, or what became of a matter."""

import json
from pathlib import Path
from typing import Any

import click

from legalaid_sim.cli import options
from legalaid_sim.cli.completing import contracts
from legalaid_sim.errors import LegalAidSimError


class NothingToExplain(LegalAidSimError):
    """A word that is no code, key, contract or results folder."""

    def __init__(self, word: str, near: str) -> None:
        super().__init__(word, near)
        self.word, self.near = word, near

    def __str__(self) -> str:
        hint = f" Did you mean '{self.near}'?" if self.near else ""
        return (
            f"there is nothing to explain under '{self.word}'.{hint} "
            "Name a contract, a code such as CI201, a key such as payments.fixed_fee.escape, "
            "'facts', or a results folder with --matter."
        )


@click.command()
@click.argument("topic", shell_complete=contracts)
@click.option("--matter", metavar="ID", help="With a results folder: the matter to explain.")
@options.regime("With --matter: only this contract of the run.")
@click.option("--replication", type=click.IntRange(1), default=1, show_default=True, help="With --matter.")
@options.as_json("With --matter: the receipts as one JSON object.")
@options.lived_in("With a contract: what of it nothing in this scenario reaches.")
@click.option(
    "--html",
    "page",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="With a contract: write a consultation sheet to print.",
)
@click.option(
    "--against",
    metavar="CONTRACT",
    shell_complete=contracts,
    help="With --html: also what changes against this contract, because of what and for whom.",
)
@click.option(
    "--curve", is_flag=True, help="With a contract: show pay against hours, as a table and a chart."
)
@click.option("--block", default="", metavar="ID", help="With --curve: only this payment.")
@click.option(
    "--hours", type=click.IntRange(1, 200), default=20, show_default=True, help="With --curve: how far."
)
def command(
    topic: str,
    matter: str | None,
    regime: str | None,
    replication: int,
    as_json: bool,
    scenario: Path | None,
    page: Path | None,
    against: str | None,
    curve: bool,
    block: str,
    hours: int,
) -> None:
    """\b
    Examples:
      legalaid-sim explain unified-contract-2007
      legalaid-sim explain civil-scheme --curve --block standard_fee
      legalaid-sim explain best-value-tender --in my-agency.yaml
      legalaid-sim explain my-reform.yaml --html sheet.html --against civil-scheme --in my-agency.yaml
      legalaid-sim explain payments.fixed_fee.escape
      legalaid-sim explain CI201
      legalaid-sim explain results/my-agency/20260102T030405Z-5ed6506a --matter c00057.p1.m1

    Explain a contract in plain English, a key, a code of check, the facts, or a matter of a run.
    """
    if page is not None:
        click.echo(_sheet(topic, page, against, scenario))
        return
    if against is not None:
        raise click.UsageError("--against is part of a sheet: add --html FILE, or use diff")
    if matter is not None:
        text = _matter(Path(topic), matter, regime, replication, as_json)
    else:
        word = _word(topic)
        if word and scenario is not None:
            raise click.UsageError(f"--in goes with a contract, and '{topic}' is none")
        text = word or _contract(topic, scenario, curve, block, hours)
    click.echo(text.rstrip("\n"))


def _matter(run_dir: Path, matter: str, regime: str | None, replication: int, as_json: bool) -> str:
    from legalaid_sim.reports.receipts import explain_matter, receipts_as_data

    if not as_json:
        return explain_matter(run_dir, matter, regime, replication)
    return json.dumps(receipts_as_data(run_dir, matter, regime, replication), indent=2, ensure_ascii=False)


def _sheet(topic: str, page: Path, against: str | None, scenario: Path | None) -> str:
    from legalaid_sim.cli.saving import save
    from legalaid_sim.reports.sheet import sheet

    save(page, sheet(topic, against, scenario))
    return f"Wrote {page}."


def _word(topic: str) -> str | None:
    from legalaid_sim.authoring.explaining import explain_word
    from legalaid_sim.contracts.language.load import library_names

    is_contract = topic in library_names() or Path(topic).exists()
    return None if is_contract else explain_word(topic)


def _contract(topic: str, scenario: Path | None, curve: bool, block: str, hours: int) -> str:
    if Path(topic).is_dir():
        raise click.UsageError(f"'{topic}' is a folder: name the matter of the run to explain with --matter")
    from legalaid_sim.contracts.language.load import library_names, load_terms

    if topic not in library_names() and not topic.endswith((".yaml", ".yml")) and not Path(topic).is_file():
        from legalaid_sim.authoring.explaining import nearest_word

        raise NothingToExplain(topic, nearest_word(topic))
    terms = load_terms(topic)
    if scenario is not None:
        return _in_scenario(terms.contract, scenario)
    if curve:
        from legalaid_sim.contracts.language.english.curve import blocks_with_curves, curves_in_text

        known = blocks_with_curves(terms)
        if block and known and block not in known:
            told = f"'{block}' prices no matter by itself; these do: {', '.join(known)}"
            raise click.BadParameter(told, param_hint="'--block'")
        return curves_in_text(terms, block, hours)
    from legalaid_sim.contracts.language.english import in_english

    return in_english(terms.contract)


def _in_scenario(contract: Any, path: Path) -> str:
    from legalaid_sim.authoring.unreached import unreached_in_text
    from legalaid_sim.contracts.language.english import in_english
    from legalaid_sim.scenario import load_scenario

    return f"{in_english(contract)}\n{unreached_in_text(contract, load_scenario(path))}"
