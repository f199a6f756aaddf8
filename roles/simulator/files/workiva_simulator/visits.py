# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A person's visit to the console: who comes, with which rights, and the form that was sent from a page of ours."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from .problems import Problem
from .sessions import COOKIE, Session, Sessions
from .state import Object, State

HOME = "/console"
SIGN_IN = HOME + "/sign-in"
SIGN_OUT = HOME + "/sign-out"
SECURITY_ADMIN = "Org Security Admin"
USER_ADMIN = "Org User Admin"
WORKSPACE_ADMIN = "Org Workspace Admin"
OWNER = "Workspace Owner"


@dataclass
class Visit:
    """A request of a person, as a page sees it."""

    state: State
    templates: Environment
    session: Session
    path: dict[str, str]
    address: str
    form: FormData
    user: Object

    @property
    def posted(self) -> bool:
        return bool(self.form)

    def roles(self) -> set[str]:
        return {role["name"] for role in self.state.all("org_role") if role["id"] in self.user["roles"]}

    def workspaces(self) -> list[Object]:
        """Those of which the person is a member."""
        found = [
            self.state.one("workspace", item["workspace"])
            for item in self.state.all("membership", user=self.user["id"])
        ]
        return sorted((workspace for workspace in found if workspace), key=lambda workspace: str(workspace["name"]))

    def is_security_admin(self) -> bool:
        # One who is in no workspace does not reach Organization Admin.
        return SECURITY_ADMIN in self.roles() and bool(self.workspaces())

    def is_user_admin(self) -> bool:
        return USER_ADMIN in self.roles() and bool(self.workspaces())

    def may_set(self, workspace: Object) -> bool:
        """Whether the person may open Workspace Settings there."""
        memberships = self.state.all("membership", user=self.user["id"], workspace=workspace["id"])
        owner = [role["number"] for role in self.state.all("workspace_role", workspace=workspace["id"], name=OWNER)]
        owns = any(number in membership["roles"] for number in owner for membership in memberships)
        return bool(memberships) and (owns or bool({SECURITY_ADMIN, WORKSPACE_ADMIN} & self.roles()))

    def render(self, template: str, status: int = 200, **values: Any) -> Response:
        signed_in = bool(self.user)
        nonce = secrets.token_urlsafe(16)
        page = self.templates.get_template(template).render(
            nonce=nonce,
            csrf=self.session.csrf,
            user=self.user if signed_in else None,
            account_admin=signed_in and self.is_security_admin(),
            organization_admin=signed_in and (self.is_security_admin() or self.is_user_admin()),
            notice=self.session.take_notice(),
            today=self.state.now().date().isoformat(),
            **values,
        )
        policy = f"default-src 'none'; style-src 'nonce-{nonce}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        return HTMLResponse(page, status, {"Content-Security-Policy": policy})

    def go(self, path: str, notice: str | None = None) -> Response:
        """After a form: on to a page that can be loaded again without doing it twice."""
        self.session.notice = notice
        return RedirectResponse(path, 303)


Page = Callable[[Visit], Response]


class Console:
    """Finds out who comes, and lets nobody past a form that is not of this browser's own page."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._sessions = Sessions()
        self._templates = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def route(self, path: str, page: Page, *methods: str) -> Route:
        async def endpoint(request: Request) -> Response:
            form = await request.form(max_files=0) if request.method == "POST" else FormData()
            return await run_in_threadpool(self._answer, request, form, page)

        return Route(path, endpoint, methods=list(methods or ("GET",)))

    def _answer(self, request: Request, form: FormData, page: Page) -> Response:
        session = self._sessions.of(request.cookies.get(COOKIE))
        visit = Visit(self._state, self._templates, session, dict(request.path_params), request.url.path, form, {})
        visit.user = (self._state.one("user", session.user) if session.user else None) or {}
        is_sign_in = request.url.path == SIGN_IN
        try:
            if request.method == "POST" and not session.is_genuine(text(form, "csrf")):
                raise Problem(403, "This form is not of your session. Open the page again, and send it from there.")
            if request.method == "POST" and request.url.path == SIGN_OUT:
                self._sessions.end(session)
                response: Response = RedirectResponse(SIGN_IN, 303)
                response.delete_cookie(COOKIE)
                return _private(response)
            if not is_sign_in and visit.user.get("status") != "active":
                response = RedirectResponse(SIGN_IN, 303)
            else:
                with self._state.transaction():
                    response = page(visit)
        except Problem as problem:
            response = visit.render("problem.html", problem.status, problem=problem)
        if is_sign_in and visit.user and visit.user["id"] != session.user:
            session = self._sessions.begin(session, visit.user["id"])
        response.set_cookie(COOKIE, session.key, secure=True, httponly=True, samesite="lax")
        return _private(response)


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def text(form: FormData, name: str) -> str:
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""
