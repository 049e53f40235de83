"""The words of a page, and the language that is chosen while it is made."""

from flask import Flask, render_template_string

from web import languages


def test_what_is_chosen_within_a_request_holds_from_there(kiosk_app: Flask) -> None:
    with kiosk_app.test_request_context("/"):
        said = [render_template_string('{{ _("Print") }}')]
        for chosen in ("en", "zh"):
            languages.choose(chosen)
            said.append(render_template_string('{{ _("Print") }}'))
    assert said == ["打印", "Print", "打印"]


def test_each_request_has_the_language_of_its_reader(kiosk_app: Flask) -> None:
    reader = kiosk_app.test_client()
    chinese = reader.get("/").get_data(as_text=True)
    reader.set_cookie("language", "en")
    english = reader.get("/").get_data(as_text=True)
    assert 'lang="zh-CN"' in chinese and 'lang="en"' in english and chinese != english
