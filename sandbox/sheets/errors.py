"""Refusals in the words of Google's recorded answers."""

from typing import Any

STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ABORTED",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
MESSAGES = {
    400: "Request contains an invalid argument.",
    401: "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other "
    "valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.",
    403: "The caller does not have permission",
    404: "Requested entity was not found.",
    409: "The operation was aborted.",
    500: "Internal error encountered.",
    503: "The service is currently unavailable.",
    504: "Deadline expired before operation could complete.",
}
PROJECT = "123456789012"


class ApiError(Exception):
    """An answer other than 2xx.

    https://developers.google.com/sheets/api/troubleshoot-api-errors
    """

    def __init__(
        self,
        code: int,
        message: str | None = None,
        details: list[dict[str, Any]] | None = None,
        status: str = "",
    ) -> None:
        """`message` and `status` default to Google's usual ones for the code."""
        self.code = code
        self.status = status or STATUS.get(code, "UNKNOWN")
        self.message = (
            message if message is not None else MESSAGES.get(code, "Unknown error.")
        )
        self.details = details
        super().__init__(self.message)

    def body(self) -> dict[str, Any]:
        """The JSON body."""
        error: dict[str, Any] = {
            "code": self.code,
            "message": self.message,
            "status": self.status,
        }
        if self.details:
            error["details"] = self.details
        return {"error": error}


def invalid(message: str) -> ApiError:
    """A 400 without details."""
    return ApiError(400, message)


def _violation(field: str, text: str) -> dict[str, str]:
    if not field:
        return {"description": text}
    return {"field": field, "description": text}


def violations(found: list[tuple[str, str]]) -> ApiError:
    """A 400 for a malformed body: each violation is (field path, description)."""
    listed = [_violation(field, text) for field, text in found]
    detail = {
        "@type": "type.googleapis.com/google.rpc.BadRequest",
        "fieldViolations": listed,
    }
    return ApiError(400, "\n".join(text for _, text in found), [detail])


def quota_exceeded(kind: str) -> ApiError:
    """The 429 for `kind` "read" or "write".

    https://developers.google.com/sheets/api/limits
    """
    title = kind.capitalize()
    metadata = {
        "consumer": f"projects/{PROJECT}",
        "quota_limit": f"{title}RequestsPerMinutePerUser",
        "quota_metric": f"sheets.googleapis.com/{kind}_requests",
        "service": "sheets.googleapis.com",
    }
    message = (
        f"Quota exceeded for quota metric '{title} requests' and limit '{title} requests per minute per user' "
        f"of service 'sheets.googleapis.com' for consumer 'project_number:{PROJECT}'."
    )
    detail = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "RATE_LIMIT_EXCEEDED",
        "domain": "googleapis.com",
        "metadata": metadata,
    }
    return ApiError(429, message, [detail])


def api_disabled() -> ApiError:
    """The 403 of a project in which the API is not switched on."""
    url = f"https://console.developers.google.com/apis/api/sheets.googleapis.com/overview?project={PROJECT}"
    message = (
        f"Google Sheets API has not been used in project {PROJECT} before or it is disabled. Enable it by visiting "
        f"{url} then retry. If you enabled this API recently, wait a few minutes for the action to propagate to our "
        "systems and retry."
    )
    links = [{"description": "Google developers console API activation", "url": url}]
    info = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "SERVICE_DISABLED",
        "domain": "googleapis.com",
        "metadata": {
            "service": "sheets.googleapis.com",
            "consumer": f"projects/{PROJECT}",
        },
    }
    return ApiError(
        403,
        message,
        [{"@type": "type.googleapis.com/google.rpc.Help", "links": links}, info],
    )


def no_credentials(kind: str) -> ApiError:
    """What a request of `kind` "read" or "write" without a token gets."""
    if kind == "read":
        return ApiError(
            403,
            "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or "
            "other form of API consumer identity to call this API.",
        )
    detail = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "CREDENTIALS_MISSING",
        "domain": "googleapis.com",
        "metadata": {"service": "sheets.googleapis.com"},
    }
    message = (
        "Request is missing required authentication credential. Expected OAuth 2 access token, login cookie or other "
        "valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project."
    )
    return ApiError(401, message, [detail])


def error_body(status: int) -> dict[str, Any]:
    """The body Sheets sends with `status`, for the fault injector."""
    return quota_exceeded("read").body() if status == 429 else ApiError(status).body()


def drive_error_body(
    code: int, reason: str, message: str, location: str | None = None
) -> dict[str, Any]:
    """Drive's body, which carries `errors[]`:
    https://developers.google.com/drive/api/guides/handle-errors.
    """
    item: dict[str, Any] = {"message": message, "domain": "global", "reason": reason}
    if location:
        item |= {"location": location, "locationType": "parameter"}
    return {"error": {"code": code, "message": message, "errors": [item]}}
