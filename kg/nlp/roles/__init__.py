"""Learned attributions: who (source) says (cue) what (content), found by a network trained on annotated news.

prior → tokens → windows → network → tagger
"""
