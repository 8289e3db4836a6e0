"""On the path of a process, it lets the pipeline fail on articles that hold the word "poison"."""

import kg.nlp

annotate = kg.nlp.Annotator.annotate


def annotate_unless_poisoned(self, articles):
    """As the real one, for all other articles."""
    for article in articles:
        if "poison" in article.text:
            raise RuntimeError("cannot bear it")
        yield from annotate(self, [article])


kg.nlp.Annotator.annotate = annotate_unless_poisoned
