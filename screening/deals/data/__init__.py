"""Tables of the deal rules: rules, goods, places and words, each row with its source and certainty."""
