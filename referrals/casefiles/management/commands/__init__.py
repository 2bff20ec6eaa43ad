"""Commands of casefiles."""
