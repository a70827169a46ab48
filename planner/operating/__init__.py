"""What whoever runs an installation needs besides serving it: copies of it, and a look at its health."""
