"""May a recipient have a class of data: the one question that every provision asks."""
