"""Tables the parsers read: programmes, identifier types, countries. Each row has a source and a certainty."""
