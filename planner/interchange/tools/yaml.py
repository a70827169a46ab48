"""YAML of strangers: the safe loader, and a look at its events before anything is built of them."""

from __future__ import annotations

import yaml

from planner.interchange.limits import NESTING, ROWS, YAML_BYTES
from planner.interchange.problems import refusal, shown
from planner.interchange.text import decode

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same in C where the wheel brings it
_OPENING = (yaml.MappingStartEvent, yaml.SequenceStartEvent)
_CLOSING = (yaml.MappingEndEvent, yaml.SequenceEndEvent)


def load_yaml(data: bytes) -> list[object]:
    """Return the documents of a YAML file.

    Raises InvalidInput for what is no YAML, and for anchors used again, tags, nesting over 50 and over
    5 MB: with them a small file can be made to mean a huge one, or code.
    """
    if len(data) > YAML_BYTES:
        raise refusal(
            f"the file has {len(data) / 1024 / 1024:.1f} MB, "
            f"at most {YAML_BYTES // 1024 // 1024} MB of YAML are read"
        )
    text = decode(data)
    try:
        _look_through(text)
        return [one for one in yaml.load_all(text, Loader=_Loader) if one is not None]
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise refusal(f"this is not YAML: {error.problem}", line) from error
    except (yaml.YAMLError, ValueError, OverflowError, TypeError) as error:
        raise refusal(f"this is not YAML: {str(error).splitlines()[0][:120]}") from error


def _look_through(text: str) -> None:
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=_Loader)):
        where = f"line {event.start_mark.line + 1}" if event.start_mark else ""
        if isinstance(event, yaml.AliasEvent):
            raise refusal(f"*{event.anchor} repeats something named above; write it out there", where)
        tag = getattr(event, "tag", None)
        if tag and (not tag.startswith("tag:yaml.org,2002:") or "python" in tag):
            raise refusal(f"the tag {shown(tag)} is not understood here; leave it out", where)
        depth += isinstance(event, _OPENING) - isinstance(event, _CLOSING)
        if depth > NESTING:
            raise refusal(f"lists and mappings are nested more than {NESTING} deep", where)
        if count > 20 * ROWS:
            raise refusal("the file holds too much; split it", where)
