"""What can be wrong with a document of a foreign service."""


class Unreadable(Exception):
    """The document is none that can be read. reason: empty, large, html, syntax, entities, context, exception, unknown or kind,
    of a map also size or blank; detail: what the server said, or what stands there instead.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail
