"""A coat of arms from an upload: checked, scaled and written anew, so that nothing but the picture itself is kept."""

import hashlib
import io
import warnings
from typing import IO

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from tenants.errors import PictureRefused

FORMATS = ("PNG", "JPEG", "WEBP")
MAX_BYTES = 5 * 1024**2
MAX_PIXELS = 40_000_000  # a bomb of a few kilobytes may unpack to gigabytes
SIDE = 1024  # pixels of the longer side kept


def redrawn(upload: IO[bytes]) -> ContentFile[bytes]:
    """The picture as PNG, at most SIDE pixels wide and high, without metadata; named by its content.

    Raises PictureRefused with a sentence for the person who uploaded it.
    """
    content = upload.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise PictureRefused(_("The picture is larger than 5 MB."))
    if b"<svg" in content[:4096].lower():
        raise PictureRefused(
            _("SVG can't be taken because it may carry script. Export the coat of arms as PNG, JPEG or WebP.")
        )
    picture = _opened(content)
    picture.thumbnail((SIDE, SIDE))
    target = io.BytesIO()
    picture.convert("RGBA").save(target, "PNG", optimize=True)
    name = hashlib.sha256(target.getvalue()).hexdigest()[:16]
    return ContentFile(target.getvalue(), f"{name}.png")


def _opened(content: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=FORMATS)
            if picture.width * picture.height > MAX_PIXELS:
                raise PictureRefused(_("The picture has too many pixels."))
            picture.load()
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise PictureRefused(_("The picture has too many pixels.")) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise PictureRefused(_("This is no readable PNG, JPEG or WebP picture.")) from None
    return picture
