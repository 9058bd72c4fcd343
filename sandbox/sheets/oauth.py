"""The OAuth token endpoint:
https://developers.google.com/identity/protocols/oauth2/service-account#httprest.
"""

from flask import Blueprint, Response, jsonify, request

from sandbox.sheets.access import ANONYMOUS, Access, assertion_of, issue_token

LIFETIME_S = 3599
_JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"


def oauth_blueprint(access: Access) -> Blueprint:
    """POST /token."""
    blueprint = Blueprint("oauth", __name__)

    @blueprint.post("/token")
    def token() -> tuple[Response, int]:
        form = request.form
        grant, key = form.get("grant_type"), ""
        if grant == _JWT_BEARER and form.get("assertion"):
            user, key = assertion_of(form["assertion"])
            if not user:
                return _refused("invalid_grant", "Invalid JWT: Failed to parse JWT")
        elif grant == "refresh_token" and form.get("refresh_token"):
            user = form["refresh_token"]
        elif not grant:
            return _refused(
                "invalid_request", "Required parameter is missing: grant_type"
            )
        else:
            return _refused("unsupported_grant_type", f"Invalid grant_type: {grant}")
        if user in access.revoked:
            return _refused("invalid_grant", "Invalid grant: account not found")
        if key in access.revoked_keys:
            return _refused("invalid_grant", "Invalid JWT Signature.")
        body = {
            "access_token": issue_token(user or ANONYMOUS, key),
            "expires_in": LIFETIME_S,
            "token_type": "Bearer",
        }
        return jsonify(body), 200

    return blueprint


def _refused(error: str, description: str) -> tuple[Response, int]:
    return jsonify({"error": error, "error_description": description}), 400


def token_error(status: int) -> dict[str, str]:
    """The endpoint's body for a status, for the fault injector."""
    return {
        "error": "invalid_grant" if status < 500 else "internal_failure",
        "error_description": "Bad Request",
    }
