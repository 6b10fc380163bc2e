"""The ground floor: settings, clock, errors, logging and the database session. Knows nothing of ours."""
