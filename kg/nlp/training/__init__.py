"""How the pipeline ``en_conflict_news`` is made from corpora: ``python -m kg.nlp.training``.

conllu, newswire (corpora) → treebanks, articles (documents) → vectors → training → evaluate → package
"""
