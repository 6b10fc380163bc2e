"""HTTP routes, one module per resource. Thin: read the request, call a service, shape the answer."""
