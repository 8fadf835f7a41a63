"""What runs: task definitions, their containers, sizes and secrets, and the roles of tasks."""
