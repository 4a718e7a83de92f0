class FilterRefused(Exception):
    """The filter can't be read or can't be answered; the message is for whom wrote it and is English, as CQL2 is."""
