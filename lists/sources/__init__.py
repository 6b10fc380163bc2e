"""One module per list format. `lists.source.discover` finds the `Source` objects they define."""
