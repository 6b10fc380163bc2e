"""Deals: a whole Iran–Russia deal assessed, party by party and rule by rule.

Pure: no database, web, clock or settings.
"""
