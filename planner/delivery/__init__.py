"""Ways out of the machine: mail to a server or a folder, messages to other people's web addresses."""
