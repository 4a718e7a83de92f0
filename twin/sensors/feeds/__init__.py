"""How gauges of others are read: addresses and answers in, readings out. No framework, no network of their own."""
