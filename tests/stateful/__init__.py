"""Staff, clients and masters act at random; whatever they do, the sheet and the system agree in the end."""
