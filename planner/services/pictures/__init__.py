"""Every picture of the organisation: from what it shows to the file of it."""
