"""What a delivered file is refused for as a whole; the words are in messages.py."""

from tenants.apart import Rejected


class FileRefused(Rejected):
    """Nothing can be made of the file."""

    area = "file"
