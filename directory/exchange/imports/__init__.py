"""Files in: readers turn them into rows of HSDS 3 names, the pipeline checks and applies these."""
