"""Console: puts the pages, their static files and the problem page into the app."""

from fastapi import FastAPI

from api.web.pages import STATIC, Static
from api.web.views import problem_page, router


def install(app: FastAPI) -> None:
    """Serve the console from `app`: its pages, `/static`, and problems as pages for browsers."""
    app.include_router(router)
    app.mount("/static", Static(directory=STATIC), name="static")
    app.state.problem_page = problem_page
