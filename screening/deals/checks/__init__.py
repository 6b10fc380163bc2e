"""Checks: the functions that test a deal for the rules, by theme. Pure.

Each yields `Hit`s and decides nothing: `assess` drops those of rules that are off, and weighs the rest.
"""
