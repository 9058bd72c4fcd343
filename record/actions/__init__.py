"""What people do. Each act is one local transaction; the sheet follows."""
