"""What a browser calls itself, in words that its owner knows it by. Pure."""

# the first that is found counts: Chrome calls itself Safari, and all others Chrome
BROWSERS = (
    ("YaBrowser", "Яндекс Браузер"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)
UNKNOWN = "неизвестный браузер"


def browser(user_agent: str) -> str:
    """Return a browser's name and system, such as «Chrome, Windows»."""
    names = (_first(BROWSERS, user_agent), _first(SYSTEMS, user_agent))
    return ", ".join(name for name in names if name) or UNKNOWN


def _first(known: tuple[tuple[str, str], ...], user_agent: str) -> str:
    for sign, name in known:
        if sign in user_agent:
            return name
    return ""
