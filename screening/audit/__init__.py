"""The audit log: entries chained by hash, and the verifier that needs nothing but them."""
