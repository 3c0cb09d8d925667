"""What a log says: measures with unit, formula, population and source; folds over events and nothing else."""
