"""What a paper of practice looks like: the bytes a printer would get, read by our own interpreter, as a picture."""


def draw(kind: str, facts: str, copy_no: int) -> bytes:
    """Return a paper as PNG. Raises KeyError for a kind without a document."""
    # In the process of the desk, which else needs nothing of printing: only once somebody looks.
    from printing import documents
    from printing.interpreter import interpret
    from printing.layout import Profile
    from reception import papers

    profile = Profile(576, 48, "gbk", True, True)
    data = documents.build(papers.from_json(kind, facts), profile, job_id=0, copy_no=copy_no)
    return interpret(data, width=profile.width_dots, chinese=profile.chinese)[0].png
