"""Batch files: tables as spreadsheets write them, read row by row, and results that are safe in a spreadsheet."""
