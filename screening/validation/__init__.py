"""Validation: the matcher measured on the lists in force, with names made up and names changed on purpose. Pure."""
