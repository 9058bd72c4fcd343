"""What the Bot API answers when it says no.

https://core.telegram.org/bots/api#making-requests
"""

from typing import Any

_FAULTS = {
    400: "Bad Request: chat not found",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    409: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    413: "Request Entity Too Large",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


class ApiError(Exception):
    """A refusal with the status, description and parameters the real server would send."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        """The JSON answer (https://core.telegram.org/bots/api#responseparameters)."""
        body: dict[str, Any] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        if self.parameters:
            body["parameters"] = self.parameters
        return body


class ControlError(Exception):
    """A control call asked for something no person could do.

    The message says what is there instead.
    """

    def __init__(self, message: str, **details: object) -> None:
        super().__init__(message)
        self.details = details

    def body(self) -> dict[str, Any]:
        """The JSON answer of a refused control call."""
        return {"error": str(self), **self.details}


def bad_request(description: str) -> ApiError:
    """400, in the wording of the real server."""
    return ApiError(400, f"Bad Request: {description}")


def forbidden(description: str) -> ApiError:
    """403: the person or the chat does not let the bot in."""
    return ApiError(403, f"Forbidden: {description}")


def too_many_requests(retry_after: int) -> ApiError:
    """429 with the seconds to wait.

    https://core.telegram.org/bots/faq#my-bot-is-hitting-limits
    """
    return ApiError(
        429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after
    )


def error_body(status: int, path: str) -> dict[str, Any]:
    """The body of an injected failure, as the real server words this status."""
    if status == 429:
        return too_many_requests(1).body()
    if status == 400 and "/edit" in path:
        return bad_request("message can't be edited").body()
    return ApiError(status, _FAULTS.get(status, "Internal Server Error")).body()
