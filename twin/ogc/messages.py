"""Texts of modules that know no framework: marked here for the catalogue of translations, translated where they are said."""


class Text(str):
    __slots__ = ()


def _(text: str) -> Text:
    return Text(text)
