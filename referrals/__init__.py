"""What happens to a person."""
