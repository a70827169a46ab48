"""Who may come in, and how: accounts, their sign-ins, links and tokens."""
