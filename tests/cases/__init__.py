"""What strangers did to the product from outside and what must happen instead, one test a case, named after it."""
