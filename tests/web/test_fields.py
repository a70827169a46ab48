"""Fields of forms, as a browser gets them."""

from __future__ import annotations

from wtforms import Form

from planner.web.forms.fields import Choice


class Asking(Form):
    team = Choice("Team", choices=[("", "none"), ("a&b", 'A & "B" <i>'), ("c", "")])


def test_a_list_shows_every_line_and_which_is_chosen() -> None:
    form = Asking(data={"team": "a&b"})

    assert str(form.team(class_="wide")) == (
        '<select class="wide" id="team" name="team"><option value="">none</option>'
        '<option selected value="a&amp;b">A &amp; &#34;B&#34; &lt;i&gt;</option>'
        '<option value="c">c</option></select>'
    )
