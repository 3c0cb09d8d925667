"""``legalaid-sim schema``: the JSON Schema that lets an editor complete and check files."""

import json

import click


@click.command()
@click.argument("what", type=click.Choice(["scenario", "contract"]))
def command(what: str) -> None:
    """\b
    Examples:
      legalaid-sim schema contract > contract.schema.json
      legalaid-sim schema scenario > scenario.schema.json

    Print the JSON Schema of scenario or contract files.

    Save it and name it in the first line of a file, for editors with a YAML language server:

    # yaml-language-server: $schema=contract.schema.json
    """
    from legalaid_sim.authoring.jsonschemas import schema_of

    click.echo(json.dumps(schema_of(what), indent=2, ensure_ascii=False))
