"""What tests run: the system as processes, or its parts in this process, and people around them."""
