"""What can be found by its words. Computed from the records, kept with each change."""

from __future__ import annotations

from sqlalchemy import BigInteger, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from planner.storage.db import Base


class SearchTextRow(Base):
    """One row's words. `subject` and `subject_id` say what is found: for a message its dependency.

    `name` and `words` hold folded words with one space between; `words` has those of the name as well.
    Beside it SQLite has the table `search_index` and PostgreSQL the index `search_index_words`.
    """

    __tablename__ = "search_text"
    __table_args__ = (Index("ix_search_text_subject_subject_id", "subject", "subject_id"),)

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=False
    )
    subject: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int]
    name: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)
