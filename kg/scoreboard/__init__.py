"""How good the extraction is, and how fast: each evaluation on its corpus, in one table.

``python -m kg.scoreboard --corpora DIR --gold DIR`` runs them all on what is installed; the corpora are not part of the
package. What is scored are the rows of the named queries, as users get them, and the trained pipeline by itself.
"""
