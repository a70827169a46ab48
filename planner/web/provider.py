"""The house's own sign-in by OpenID Connect: the code flow with PKCE, checked by Authlib and then by us."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import FlaskOAuth2App, OAuth
from authlib.integrations.requests_client import OAuth2Session
from flask import current_app, redirect, request, session
from joserfc.errors import JoseError
from requests import RequestException

from planner.domain.errors import NotAllowed
from planner.services.accounts.identities import Known
from planner.web.openid import NOT_BELIEVED, ProviderSilent

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.wrappers import Response

    from planner.config import OpenId

NAME = "house"
EXTENSION = "planner-openid"
TIMEOUT = 10  # seconds that the provider has for an answer
CLOCKS_DIFFER = 60  # seconds
SIGNATURES = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Those that only the provider can make: neither "none" nor shared secrets, whatever it says of itself."""

log = logging.getLogger(__name__)


class _Session(OAuth2Session):  # type: ignore[misc] # Authlib carries no types
    """Asks where it was told to and follows nobody elsewhere."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.max_redirects = 0


class _Client(FlaskOAuth2App):  # type: ignore[misc] # as above
    client_cls = _Session


def register(app: Flask, settings: OpenId) -> None:
    """Let the application ask this provider."""
    oauth = OAuth(app)
    app.extensions[EXTENSION] = oauth.register(
        NAME,
        client_cls=_Client,
        client_id=settings.client_id,
        client_secret=settings.client_secret,
        server_metadata_url=f"{settings.issuer}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid email profile",
            "code_challenge_method": "S256",
            "default_timeout": TIMEOUT,
        },
    )


def ask_provider(settings: OpenId, back: str, errand: dict[str, Any]) -> Response:
    """Send the browser to the provider; the errand comes back with it. Raises ProviderSilent, NotAllowed."""
    client = _client(settings)
    asked = client.create_authorization_url(back)
    client.save_authorize_data(redirect_uri=back, errand=errand, **asked)
    return redirect(asked["url"], 303)


def hear_provider(settings: OpenId) -> tuple[Known, dict[str, Any]]:
    """Return who has come back, and on which errand. Raises ProviderSilent, NotAllowed for a bad answer."""
    client = _client(settings)
    kept = client.framework.get_state_data(session, request.args.get("state")) or {}
    try:
        token = client.authorize_access_token(
            leeway=CLOCKS_DIFFER,
            claims_options={
                "iss": {"essential": True, "value": settings.issuer},
                "aud": {"essential": True, "value": settings.client_id},
                "nonce": {"essential": True},
            },
        )
        claims = token["userinfo"]
        known = _known(settings, {**_more_about(client, token, claims), **claims})
    except RequestException as error:
        raise _silent(error) from error
    except (AuthlibBaseError, JoseError, KeyError, ValueError, TypeError, RuntimeError) as error:
        log.warning("an answer of the provider was refused: %s", type(error).__name__)
        raise NotAllowed(NOT_BELIEVED) from error
    return known, dict(kept.get("errand") or {})


def _client(settings: OpenId) -> Any:
    """Return the client with what the provider says of itself, as far as that is believed."""
    client = current_app.extensions[EXTENSION]
    try:
        told = client.load_server_metadata()
    except (RequestException, ValueError) as error:
        raise _silent(error) from error
    if str(told.get("issuer", "")).rstrip("/") != settings.issuer:
        log.warning("the provider says that it is another issuer")
        raise NotAllowed(NOT_BELIEVED)
    told["id_token_signing_alg_values_supported"] = list(SIGNATURES)
    return client


def _more_about(client: Any, token: dict[str, Any], claims: dict[str, Any]) -> dict[str, Any]:
    """Ask for what a provider leaves out of its token, and believe it about the same person alone."""
    if "email" in claims or "userinfo_endpoint" not in client.server_metadata:
        return {}
    more = dict(client.userinfo(token=token))
    return more if more.get("sub") == claims["sub"] else {}


def _known(settings: OpenId, claims: dict[str, Any]) -> Known:
    email = str(claims.get("email") or "").casefold() if claims.get("email_verified") is True else ""
    return Known(settings.issuer, str(claims["sub"]), str(claims.get("name") or ""), email)


def _silent(error: Exception) -> ProviderSilent:
    log.warning("the provider does not answer: %s", type(error).__name__)
    return ProviderSilent()
