"""What a client did wrong, as the standard wants it told."""


class Refusal(Exception):
    """code: of OWS Common (InvalidParameterValue, MissingParameterValue, NoApplicableCode, …); locator: the parameter."""

    def __init__(self, code: str, locator: str, text: str) -> None:
        super().__init__(text)
        self.code, self.locator, self.text = code, locator, text
