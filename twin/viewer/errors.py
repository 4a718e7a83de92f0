class NoSuchPart(Exception):
    """What is asked for is no part of a map, or of this layer's."""
