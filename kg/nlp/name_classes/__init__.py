"""One class for each name of an article, learned: what a name denotes is weighed over all its mentions.

features → network → component
"""
