"""Console: puts the pages, their static files and the problem page into the app."""

from fastapi import FastAPI

from api.web import audit_views, dashboard_views, deal_views, sign_in_views, views
from api.web.pages import STATIC, Static


def install(app: FastAPI) -> None:
    """Serve the console from `app`: its pages, `/static`, and problems as pages for browsers."""
    for router in (sign_in_views.router, views.router, deal_views.router, dashboard_views.router, audit_views.router):
        app.include_router(router)
    app.mount("/static", Static(directory=STATIC), name="static")
    app.state.problem_page = views.problem_page
