"""Finding a place by its words: providers, the offline gazetteer, and the order between them.

Nothing here writes; `operations.locate` keeps what was found.
"""
