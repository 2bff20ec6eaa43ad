"""THE PERSON: clients, needs, cases, consent, disclosure."""
