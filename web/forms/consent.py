"""The text on personal data, by its version: what a client agreed to can be found
again.
"""

CONSENT_VERSION = "2026-11-22"
CONSENT_DATE = "22 ноября 2026 года"
