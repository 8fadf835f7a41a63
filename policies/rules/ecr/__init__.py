"""Rules about Amazon ECR: what goes into a registry."""
