"""Rules about the network: what the internet can reach."""
