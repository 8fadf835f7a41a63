"""What can be wrong between fields of the services' settings."""
