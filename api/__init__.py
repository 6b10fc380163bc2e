"""Every door: HTTP routes, web console, command line, schedule. Knows everything below, holds no rule of its own."""
