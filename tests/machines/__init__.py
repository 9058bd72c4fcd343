"""More than one machine: several workers, bots and sites on one store."""
