"""The tables that `screening.names` reads: legal forms, trade vocabulary, given names, places. One CSV each."""
