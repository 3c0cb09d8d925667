"""``legalaid-sim price``: price a book of closed claims under any contract."""

from pathlib import Path

import click

from legalaid_sim.cli.completing import contracts
from legalaid_sim.cli.saving import safe
from legalaid_sim.contracts.priced import Tally
from legalaid_sim.units import add_up

SOME_REFUSED = 1


@click.command("price", short_help="Price a file of closed claims under a contract.")
@click.argument("contract", shell_complete=contracts)
@click.option("--claims", required=True, type=click.Path(path_type=Path), help="CSV file of claims to price.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="CSV file to write.")
@click.option("--receipts", type=click.Path(path_type=Path), help="Folder for a text receipt of every claim.")
@click.pass_context
def command(context: click.Context, contract: str, claims: Path, out: Path, receipts: Path | None) -> None:
    """\b
    Examples:
      legalaid-sim price civil-scheme --claims closed.csv --out priced.csv
      legalaid-sim price my-contract.yaml --claims closed.csv --out priced.csv --receipts receipts

    Price every claim of a CSV file under CONTRACT, a library name or a file.

    A claim needs claim_id (or record_id) and fee_code; dates, costs and counts stand in in_start_date,
    in_concluded_date, in_vat_registered, in_net_profit_costs and so on. Each claim gives one row, in the same
    order. A claim that cannot be priced carries the code and reason of its refusal; the others are priced.

    Exit status: 0 when all were priced, 1 when some were refused, 2 when the input cannot be used.
    """
    from legalaid_sim.contracts.pricer import open_pricer

    pricer = open_pricer(contract)
    tally = pricer.price_file(claims, safe(out), safe(receipts) if receipts else None)
    click.echo(f"{counted(tally.priced)} priced under {contract}: {out}")
    if tally.outside_term:
        click.echo(f"{counted(tally.outside_term)} flagged {pricer.term_in_words}", err=True)
    if tally.refused:
        click.echo(refusals_in_words(tally), err=True)
        context.exit(SOME_REFUSED)


def refusals_in_words(tally: Tally) -> str:
    """Say how many claims were refused, and for what.

    >>> tally = Tally()
    >>> tally.refuse("unknown-code")
    >>> refusals_in_words(tally)
    '1 claim refused (1 unknown-code); see the columns refusal_code and refusal'
    """
    number = add_up(tally.refused.values())
    reasons = ", ".join(f"{count:,} {code}" for code, count in sorted(tally.refused.items()))
    return f"{counted(number)} refused ({reasons}); see the columns refusal_code and refusal"


def counted(claims: int) -> str:
    """Say how many claims.

    >>> counted(1), counted(2000)
    ('1 claim', '2,000 claims')
    """
    return f"{claims:,} claim" if claims == 1 else f"{claims:,} claims"
