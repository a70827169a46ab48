"""A shared session: prepared, voted on before, run, decided in, written down."""
