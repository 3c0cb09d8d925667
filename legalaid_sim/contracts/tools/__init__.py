"""What prices are made with: amounts, lookups, indexation, tax, limits, and a matter on its way through the phases."""
