"""How much a file and a field may hold; the same for every format, and named in every refusal."""

FILE_BYTES = 20 * 1024 * 1024
ROWS = 100_000
NESTING = 50
PROBLEMS_SHOWN = 200

NAME = 200
LINE = 500
PROSE = 5000
EMAIL = 254

SESSION_MINUTES = 24 * 60
TRAVEL_MINUTES = 24 * 60
CADENCE_DAYS = 366
