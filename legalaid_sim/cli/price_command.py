"""``legalaid-sim price``: price a book of closed claims under any contract."""

from pathlib import Path

import click

from legalaid_sim.cli import options
from legalaid_sim.cli.completing import contracts
from legalaid_sim.cli.saving import outside_results
from legalaid_sim.contracts.claimsfile.priced import PricingTally
from legalaid_sim.units import add_up

SOME_REFUSED = 1
MOST_LINES = 5


@click.command("price")
@click.argument("contract", shell_complete=contracts)
@click.option(
    "--claims",
    required=True,
    type=click.Path(path_type=Path, allow_dash=True),
    help="CSV file of claims to price; - for standard input.",
)
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, allow_dash=True),
    help="CSV file to write; - for standard output.",
)
@click.option("--receipts", type=click.Path(path_type=Path), help="Folder for a text receipt of every claim.")
@options.dates("iso")
@options.amounts("plain")
@click.pass_context
def command(
    context: click.Context,
    contract: str,
    claims: Path,
    out: Path,
    receipts: Path | None,
    dates: str,
    amounts: str,
) -> None:
    """\b
    Examples:
      legalaid-sim price civil-scheme --claims closed.csv --out priced.csv
      legalaid-sim price my-contract.yaml --claims closed.csv --out priced.csv --receipts receipts

    Price every claim of a CSV file under CONTRACT, a library name or a file.

    A claim needs claim_id (or record_id) and fee_code or category; region, dates, costs, minutes and counts stand
    in region, in_start_date, in_concluded_date, in_vat_registered, in_net_profit_costs, in_profit_minutes and so on
    (heads in any case, with or without in_). Columns read and not read are told. Each claim gives one row, in the
    same order. A claim that cannot be priced carries the code and reason of its refusal; the others are priced.

    Exit status: 0 when all were priced, 1 when some were refused, 2 when the input cannot be used.
    """
    from legalaid_sim.contracts.claimsfile.cells import Forms
    from legalaid_sim.contracts.claimsfile.pricer import open_pricer

    to_screen = str(out) == "-"
    place = out if to_screen else outside_results(out)
    pricer = open_pricer(contract)
    tally = pricer.price_file(
        claims, place, outside_results(receipts) if receipts else None, Forms(dates, amounts)
    )
    click.echo(f"{counted(tally.priced)} priced under {contract}: {out}", err=to_screen)
    for line in what_was_read(tally):
        click.echo(line, err=to_screen)
    if tally.outside_term:
        click.echo(f"{counted(tally.outside_term)} flagged {pricer.term_in_words}", err=True)
    if tally.refused:
        click.echo(refusals_in_words(tally), err=True)
        context.exit(SOME_REFUSED)


def what_was_read(tally: PricingTally) -> list[str]:
    """Say which columns were read and which were not, and what else of the file a reader should know.

    >>> tally = PricingTally()
    >>> tally.read, tally.unread, tally.again = ("claim_id", "fee_code"), ("notes",), [4]
    >>> what_was_read(tally)[1:]
    ['Columns not read: notes', '1 row has a claim id that stood before (line 4): it is priced again']
    """
    said = [f"Columns read: {', '.join(tally.read)}"]
    if tally.unread:
        said.append(f"Columns not read: {', '.join(tally.unread)}")
    if tally.again:
        rows = "1 row has" if len(tally.again) == 1 else f"{len(tally.again):,} rows have"
        lines = ", ".join(str(line) for line in tally.again[:MOST_LINES])
        more = f" and {len(tally.again) - MOST_LINES:,} more" if len(tally.again) > MOST_LINES else ""
        which = f"line {lines}" if len(tally.again) == 1 else f"lines {lines}{more}"
        each = "it is" if len(tally.again) == 1 else "each is"
        said.append(f"{rows} a claim id that stood before ({which}): {each} priced again")
    if tally.unmeasured:
        said.append(
            f"{counted(tally.unmeasured)} priced at the fee without a test for escape: no column gives costs or time"
        )
    return said


def refusals_in_words(tally: PricingTally) -> str:
    """Say how many claims were refused, and for what.

    >>> tally = PricingTally()
    >>> tally.refuse("unknown-code")
    >>> refusals_in_words(tally)
    '1 claim refused (1 unknown-code); see the columns refusal_code and refusal'
    """
    number = add_up(tally.refused.values())
    reasons = ", ".join(f"{count:,} {code}" for code, count in sorted(tally.refused.items()))
    said = f"{counted(number)} refused ({reasons}); see the columns refusal_code and refusal"
    return "\n".join((said, *tally.remedies))


def counted(claims: int) -> str:
    """Say how many claims.

    >>> counted(1), counted(2000)
    ('1 claim', '2,000 claims')
    """
    return f"{claims:,} claim" if claims == 1 else f"{claims:,} claims"
