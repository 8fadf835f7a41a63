"""Rules about Amazon ECS: what a task definition says."""
