"""Tests of the stand-ins for Google Sheets and Telegram."""
