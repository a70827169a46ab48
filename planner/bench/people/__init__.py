"""What one person's page costs, and what happens when many people act at once."""
