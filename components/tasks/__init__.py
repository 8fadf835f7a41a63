"""What runs: container definitions, sizes, and what the roles of tasks may do."""
