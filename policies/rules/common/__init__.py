"""What rules of several services share. Holds no rules."""
