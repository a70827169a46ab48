"""Each list of an organisation as a table in a CSV file, described in docs/file-formats.md."""

from planner.interchange.csv.columns import CsvList
from planner.interchange.csv.reader import read_csv
from planner.interchange.csv.writer import write_csv

__all__ = ["CsvList", "read_csv", "write_csv"]
