"""Local stand-ins for Google Sheets, Drive and Telegram, spoken to over HTTP only."""
