"""Google Sheets v4, the part of Drive v3 gspread needs, and the OAuth token endpoint."""
