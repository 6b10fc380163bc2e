"""Webhooks: what happened, told to other systems: found in the audit log, kept in an outbox, signed, tried again."""
