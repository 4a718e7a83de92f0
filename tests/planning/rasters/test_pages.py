"""Pages of PDFs become pictures, strip by strip."""

from pathlib import Path

import pytest

from planning.rasters import process
from planning.rasters.opening import opened
from planning.rasters.refusal import RasterRefused
from tests.factories import pictures


def page(source: Path, number: int = 1) -> tuple[Path, int]:
    target = source.with_name("page.tif")
    arguments = {"source": str(source), "target": str(target), "number": number}
    return target, process.run("page", arguments, tell=lambda share: None)["dpi"]


def test_page_is_drawn_at_300_dpi_without_seams(tmp_path: Path) -> None:
    """842 x 595 points are 3509 x 2480 pixels; the rectangle covers the half in the middle, over several strips."""
    path, dpi = page(pictures.pdf(tmp_path / "plan.pdf"))
    assert dpi == 300
    with opened(path) as dataset:
        assert (dataset.width, dataset.height) == (3509, 2480)
        red = (dataset.read() == [[[value]] for value in pictures.RED]).all(axis=0)
    assert red[625:1855, 885:2620].all()
    assert red.sum() == pytest.approx(3509 * 2480 / 4, rel=0.002)
    assert not red[:600].any()


def test_large_sheet_is_drawn_coarser_so_that_it_stays_within_bounds(tmp_path: Path) -> None:
    """5 m x 2.5 m: at 300 dpi 1.7 thousand million pixels."""
    path, dpi = page(pictures.pdf(tmp_path / "plan.pdf", width=14_173, height=7_087))
    assert 90 < dpi < 110
    with opened(path) as dataset:
        assert dataset.width * dataset.height <= 200_000_000


@pytest.mark.parametrize(
    ("content", "rule"), [(b"", "raster.pdf"), (b"%PDF-1.7 broken", "raster.pdf"), (b"II*\0", "raster.pdf")]
)
def test_what_is_no_pdf_is_refused(content: bytes, rule: str, tmp_path: Path) -> None:
    (tmp_path / "plan.pdf").write_bytes(content)
    with pytest.raises(RasterRefused) as error:
        page(tmp_path / "plan.pdf")
    assert error.value.rule == rule


def test_page_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RasterRefused) as error:
        page(pictures.pdf(tmp_path / "plan.pdf"), 2)
    assert (error.value.rule, error.value.params) == ("raster.page", {"page": 2, "pages": 1})
