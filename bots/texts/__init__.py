"""What the bots say. Pure: facts in, messages out, nothing is sent here."""
