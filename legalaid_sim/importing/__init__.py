"""Tables of closed and open cases, as agencies and the payer have them, without anything that names a person.

What enters is a list of fields (``fields``), never all but some: a column that no field is read from is not looked at.
Ids become pseudonyms under a key that stays with its user, days are moved a client at a time (``hiding``). No room
below the command line reads what is imported: a fit reaches results only as numbers of a scenario.
"""
