# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The administration console: pages and forms with the documented menus and labels, and the only place where grants are made."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from . import people, rules, shelf
from .problems import Problem
from .state import Object, State
from .visits import HOME, OWNER, SECURITY_ADMIN, SIGN_IN, SIGN_OUT, WORKSPACE_ADMIN, Console, Visit, text

PROVISIONING = HOME + "/admin/security/provisioning"
# The screen of older accounts; no document says who may open it now.
ACCOUNT = HOME + "/account"
OLD_GRANTS = ACCOUNT + "/people/oauth2-grants"
PROFILE = HOME + "/profile/security"
CLIENT_TYPE = "OAuth2 Client Credentials"
# The scopes of the contract and of the documents, as the vendor writes them; two labels are published, no more.
SCOPES = {
    "activity:read": None,
    "data_tables|r": "Spreadsheets (Read)",
    "data_tables|w": "Spreadsheets (Write)",
    "file:read": None,
    "file:write": None,
    "graph:read": None,
    "graph:write": None,
    "organization:read": None,
    "organization:write": None,
    "scim|r": None,
    "task:read": None,
    "task:write": None,
}


def _offered(state: State) -> dict[str, str | None]:
    """The scopes of the form; a seed may name more, since not all that there are is published."""
    return {**SCOPES, **{scope: None for scope in state.setting("scopes", []) if scope not in SCOPES}}


# Signing in. The people of the simulator have no passwords: what is real here is who may do what.


def sign_in(visit: Visit) -> Response:
    if not visit.posted:
        users = [user for user in visit.state.all("user") if user["status"] == "active"]
        return visit.render("sign_in.html", users=users, problem=None, username="")
    username = text(visit.form, "username")
    user = rules.user_by_name(visit.state, username)
    if user and user["status"] == "active":
        visit.state.put("user", {**user, "last_login": visit.state.timestamp()})
        visit.user = user
        return RedirectResponse(HOME, 303)
    why = f"The user {username} is suspended." if user else f"There is no user {username}."
    users = [user for user in visit.state.all("user") if user["status"] == "active"]
    return visit.render("sign_in.html", 403, users=users, problem=Problem(403, why), username=username)


def home(visit: Visit) -> Response:
    return visit.render("home.html", workspaces=visit.workspaces())


# Screens on which grants are kept.


@dataclass
class Screen:
    """A list of grants and its forms: Workspace Settings has those of one workspace, the others those of all."""

    name: str
    heading: str
    base: str
    add: str
    workspaces: list[Object]

    @property
    def is_organization(self) -> bool:
        return self.name == "organization_admin"

    @property
    def is_account(self) -> bool:
        return self.name == "account_admin"

    @property
    def is_workspace(self) -> bool:
        return self.name == "workspace_settings"

    @property
    def allowlist_label(self) -> str:
        # Spelt so in the newer document.
        return "IP Allowlist" if self.is_organization else "Ip Allowlist"

    @property
    def crumbs(self) -> list[tuple[str, str]]:
        if self.is_organization:
            admin = HOME + "/admin"
            return [("Organization Admin", admin), ("Security", admin + "/security"), ("Provisioning", self.base)]
        if self.is_account:
            return [("Account Admin", ACCOUNT), ("People", ACCOUNT + "/people"), ("OAuth2 Grants", self.base)]
        place = self.base.removesuffix("/settings/security")
        return [
            (self.workspaces[0]["name"], place),
            ("Workspace Settings", place + "/settings"),
            ("Security", self.base),
        ]


def screen_of(visit: Visit) -> Screen:
    """The screen that the address names. Raises L(Problem) 403 where it is not for this person."""
    if "workspace" not in visit.path:
        _organization_admin(visit)
        everywhere = visit.state.all("workspace")
        if visit.address.startswith(ACCOUNT):
            return Screen("account_admin", "OAuth2 Grants", OLD_GRANTS, OLD_GRANTS + "/add", everywhere)
        return Screen("organization_admin", "Security", PROVISIONING, PROVISIONING + "/add/api-grant", everywhere)
    workspace = _workspace(visit)
    if not visit.may_set(workspace):
        raise Problem(
            403,
            f"Workspace Settings are for {OWNER}, {WORKSPACE_ADMIN} and {SECURITY_ADMIN} who are in the workspace.",
        )
    base = f"{HOME}/workspace/{workspace['id']}/settings/security"
    return Screen("workspace_settings", f"Security of {workspace['name']}", base, base + "/add", [workspace])


def _organization_admin(visit: Visit) -> None:
    if not visit.is_security_admin():
        raise Problem(403, f"Organization Admin > Security is for an {SECURITY_ADMIN} who is a member of a workspace.")


def _workspace(visit: Visit) -> Object:
    for workspace in visit.workspaces():
        if workspace["id"] == visit.path["workspace"]:
            return workspace
    raise Problem(403, "You are not a member of this workspace.")


def _grant(visit: Visit, screen: Screen) -> Object:
    grant = visit.state.one("grant", visit.path["grant"])
    if not grant or grant["workspace"] not in [workspace["id"] for workspace in screen.workspaces]:
        raise Problem(404, "There is no such grant here.")
    return grant


def shown(state: State, grant: Object) -> Object:
    """A grant as a page shows it; there is no secret in it, since the simulator keeps none."""
    workspace, user = state.one("workspace", grant["workspace"]), state.one("user", grant["user"])
    return {
        **grant,
        "workspace_name": workspace["name"] if workspace else "",
        "username": user["username"] if user else "(deleted user)",
        "scope_texts": [SCOPES.get(scope) or scope for scope in grant["scopes"]],
        "expired": bool(grant["expires"]) and grant["expires"] <= state.now().date().isoformat(),
        "has_secret": bool(grant["secrets"]),
    }


def organization_admin(visit: Visit) -> Response:
    may_security, may_people = visit.is_security_admin(), visit.is_user_admin()
    if not may_security and not may_people:
        _organization_admin(visit)
    return visit.render("organization_admin.html", security=False, may_security=may_security, may_people=may_people)


def organization_security(visit: Visit) -> Response:
    _organization_admin(visit)
    return visit.render("organization_admin.html", security=True, may_security=True, may_people=False)


def account_admin(visit: Visit) -> Response:
    _organization_admin(visit)
    return visit.render("account_admin.html", people=visit.address != ACCOUNT)


def add_identity(visit: Visit) -> Response:
    return visit.render("add_identity.html", screen=screen_of(visit))


def workspace_home(visit: Visit) -> Response:
    workspace = _workspace(visit)
    return visit.render(
        "workspace.html", workspace=workspace, settings=False, may_set=visit.may_set(workspace), may_members=False
    )


def workspace_settings(visit: Visit) -> Response:
    (workspace,) = screen_of(visit).workspaces
    return visit.render(
        "workspace.html",
        workspace=workspace,
        settings=True,
        may_set=True,
        may_members=people.may_keep_members(visit, workspace),
    )


def grants(visit: Visit) -> Response:
    screen = screen_of(visit)
    listed = [
        shown(visit.state, grant)
        for workspace in screen.workspaces
        for grant in visit.state.all("grant", workspace=workspace["id"])
    ]
    shown_here = not _shows_secret_in_edit(visit.state, screen)
    pair = visit.session.take_pair() if shown_here else None
    return visit.render("grants.html", screen=screen, grants=listed, pair=pair)


def _shows_secret_in_edit(state: State, screen: Screen) -> bool:
    return screen.is_account and state.switch("secret_shown") == "by_screen"


def _filled(screen: Screen, form: FormData) -> Object:
    allowlist = [entry.strip() for entry in text(form, "ip_allowlist").split(",")]
    filled = {
        **{name: text(form, name) for name in ("client_name", "workspace", "username", "client_type", "expires")},
        "scopes": [str(scope) for scope in form.getlist("scopes")],
        "ip_allowlist": [entry for entry in allowlist if entry],
    }
    # The older form does not ask for it.
    return {**filled, "client_type": CLIENT_TYPE} if screen.is_account else filled


def _form(visit: Visit, screen: Screen, fields: Object, grant: Object | None, problem: Problem | None) -> Response:
    tomorrow = visit.state.now().date() + datetime.timedelta(days=1)
    return visit.render(
        "grant.html",
        problem.status if problem else 200,
        screen=screen,
        fields=fields,
        grant=shown(visit.state, grant) if grant else None,
        pair=_pair_of(visit, screen, grant),
        problem=problem,
        scopes=_offered(visit.state),
        client_type=CLIENT_TYPE,
        tomorrow=tomorrow.isoformat(),
        must_expire=visit.state.switch("expires_rule") != "empty_is_never",
    )


def _pair_of(visit: Visit, screen: Screen, grant: Object | None) -> Object | None:
    """The secret of a grant that was just added, where it is shown on the form."""
    pair = visit.session.pair
    is_its_own = grant and pair and pair["client_id"] == grant["client_id"]
    return visit.session.take_pair() if is_its_own and _shows_secret_in_edit(visit.state, screen) else None


def _check_choices(state: State, screen: Screen, fields: Object) -> None:
    """What a form in a browser cannot send. Raises L(Problem)."""
    if fields["client_type"] != CLIENT_TYPE:
        raise Problem(400, f"Client Type must be {CLIENT_TYPE}", target="Client Type")
    if fields["workspace"] not in [workspace["id"] for workspace in screen.workspaces]:
        raise Problem(400, "Workspace must be chosen", target="Workspace")
    unknown = [scope for scope in fields["scopes"] if scope not in _offered(state)]
    if unknown:
        raise Problem(400, f"Scopes has no {', '.join(unknown)}", target="Scopes")
    if fields["expires"]:
        try:
            datetime.date.fromisoformat(fields["expires"])
        except ValueError:
            raise Problem(400, "Expires must be a date", target="Expires") from None


def add_grant(visit: Visit) -> Response:
    screen = screen_of(visit)
    empty = {"client_name": "", "workspace": "", "username": "", "scopes": [], "expires": "", "ip_allowlist": []}
    if not visit.posted:
        return _form(visit, screen, empty, None, None)
    fields = _filled(screen, visit.form)
    if screen.is_workspace:
        fields["workspace"] = screen.workspaces[0]["id"]
    try:
        _check_choices(visit.state, screen, fields)
        grant, secret = rules.add_grant(visit.state, fields)
    except Problem as problem:
        return _form(visit, screen, fields, None, problem)
    rules.record(visit.state, "api_grant_create", visit.user, _target(grant))
    answer = visit.state.switch("secret_shown")
    if answer == "after_add" or (answer == "by_screen" and not screen.is_organization):
        visit.session.pair = {"client_id": grant["client_id"], "client_secret": secret, "name": grant["client_name"]}
    return visit.go(screen.base, f"The grant {grant['client_name']} was added.")


def edit_grant(visit: Visit) -> Response:
    screen = screen_of(visit)
    grant = _grant(visit, screen)
    if not visit.posted:
        return _form(visit, screen, shown(visit.state, grant), grant, None)
    fields = {**_filled(screen, visit.form), "workspace": grant["workspace"]}
    try:
        _check_choices(visit.state, screen, fields)
        changed = rules.update_grant(visit.state, grant, fields)
    except Problem as problem:
        return _form(visit, screen, fields, grant, problem)
    rules.record(visit.state, "api_grant_update", visit.user, _target(changed))
    lost = (
        " Its secret is not valid any more: the new user must regenerate it."
        if changed["user"] != grant["user"]
        else ""
    )
    return visit.go(screen.base, f"The grant {changed['client_name']} was changed.{lost}")


def delete_grant(visit: Visit) -> Response:
    screen = screen_of(visit)
    grant = _grant(visit, screen)
    if not visit.posted:
        return visit.render("delete.html", screen=screen, grant=shown(visit.state, grant))
    visit.state.remove("grant", grant["id"])
    rules.record(visit.state, "api_grant_delete", visit.user, _target(grant))
    return visit.go(screen.base, f"The grant {grant['client_name']} was deleted.")


def _target(grant: Object) -> Object:
    return {"id": grant["id"], "name": grant["client_name"], "workspace": grant["workspace"]}


# My profile: what nobody but the named user sees.


def profile(visit: Visit) -> Response:
    return visit.render("profile.html")


def profile_security(visit: Visit) -> Response:
    own = [shown(visit.state, grant) for grant in visit.state.all("grant", user=visit.user["id"])]
    return visit.render("profile_security.html", grants=own, pair=visit.session.take_pair())


def regenerate(visit: Visit) -> Response:
    grant = visit.state.one("grant", visit.path["grant"])
    if not grant or grant["user"] != visit.user["id"]:
        raise Problem(403, "Only the user who is named in a grant can regenerate its secret.")
    secret = rules.regenerate(visit.state, grant)
    rules.record(visit.state, "api_grant_regenerate", visit.user, _target(grant))
    visit.session.pair = {"client_id": grant["client_id"], "client_secret": secret, "name": grant["client_name"]}
    return visit.go(PROFILE, f"The grant {grant['client_name']} has a new secret.")


def routes(state: State) -> list[BaseRoute]:
    """All pages; whoever is not signed in is sent to the sign-in page."""
    console = Console(state)
    settings = HOME + "/workspace/{workspace}/settings"
    both = ("GET", "POST")
    found: list[BaseRoute] = [
        console.route(HOME, home),
        console.route(SIGN_IN, sign_in, *both),
        console.route(SIGN_OUT, home, "POST"),
        console.route(HOME + "/admin", organization_admin),
        console.route(HOME + "/admin/security", organization_security),
        console.route(PROVISIONING + "/add", add_identity),
        console.route(PROVISIONING + "/add/api-grant", add_grant, *both),
        console.route(ACCOUNT, account_admin),
        console.route(ACCOUNT + "/people", account_admin),
        console.route(OLD_GRANTS + "/add", add_grant, *both),
        console.route(HOME + "/workspace/{workspace}", workspace_home),
        console.route(settings, workspace_settings),
        console.route(settings + "/security/add", add_grant, *both),
        console.route(HOME + "/profile", profile),
        console.route(PROFILE, profile_security),
        console.route(PROFILE + "/{grant}/regenerate", regenerate, "POST"),
        *shelf.routes(console),
    ]
    for base in (PROVISIONING, OLD_GRANTS, settings + "/security"):
        found += [
            console.route(base, grants),
            console.route(base + "/{grant}/edit", edit_grant, *both),
            console.route(base + "/{grant}/delete", delete_grant, *both),
        ]
    return [*found, *people.routes(console)]
