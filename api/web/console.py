"""Console: puts the pages, their static files and the problem page into the app."""

from fastapi import FastAPI

from api.web import (
    admin_views,
    audit_views,
    batch_views,
    case_views,
    dashboard_views,
    deal_views,
    queue_views,
    sign_in_views,
    views,
)
from api.web.pages import STATIC, Static


def install(app: FastAPI) -> None:
    """Serve the console from `app`: its pages, `/static`, and problems as pages for browsers."""
    for views_of in (
        sign_in_views,
        views,
        deal_views,
        batch_views,
        queue_views,
        case_views,
        dashboard_views,
        audit_views,
        admin_views,
    ):
        app.include_router(views_of.router)
    app.mount("/static", Static(directory=STATIC), name="static")
    app.state.problem_page = views.problem_page
