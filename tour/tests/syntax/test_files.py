"""What of a folder is read, and what is refused."""

import os
from pathlib import Path

from tour.syntax import files
from tour.syntax.files import read_folder


def test_what_is_not_the_learners_own_is_left_out(tmp_path: Path) -> None:
    for path in ("flack/auth.py", ".git/x.py", "venv/lib/y.py", "flack/__pycache__/z.py"):
        tmp_path.joinpath(path).parent.mkdir(parents=True, exist_ok=True)
        tmp_path.joinpath(path).write_text("x = 1\n")
    tmp_path.joinpath("venv/pyvenv.cfg").touch()
    assert list(read_folder(tmp_path).contents) == ["flack/auth.py"]


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    tmp_path.joinpath("utils.py").write_bytes(b"#" * 10_000_000)
    found = read_folder(tmp_path)
    assert found.contents == {}
    assert "more than 200,000 bytes" in found.unread["utils.py"]


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    outside.joinpath("secret.py").write_text("secret = 1\n")
    inside = tmp_path / "inside"
    inside.mkdir()
    inside.joinpath("utils.py").symlink_to(outside / "secret.py")
    inside.joinpath("folder").symlink_to(outside, target_is_directory=True)
    inside.joinpath("itself.py").symlink_to("itself.py")
    found = read_folder(inside)
    assert found.contents == {}
    assert sorted(found.unread) == ["itself.py", "utils.py"]


def test_what_is_no_file_does_not_hold_the_grade_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "utils.py")
    assert "no file" in read_folder(tmp_path).unread["utils.py"]


def test_a_file_that_goes_while_it_is_read_is_left_out(tmp_path: Path, monkeypatch) -> None:
    def read_bytes(file: Path, real=Path.read_bytes) -> bytes:
        if file.name == "backup.css":
            file.unlink()
        return real(file)

    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    for name in ("backup.css", "flack.css"):
        tmp_path.joinpath(name).write_text("body {}\n")
    assert read_folder(tmp_path, ends=files.ANY).contents == {"flack.css": b"body {}\n"}


def test_of_too_many_files_the_first_are_read(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(files, "MOST_FILES", 2)
    for name in ("a.py", "b.py", "c.py"):
        tmp_path.joinpath(name).touch()
    assert list(read_folder(tmp_path).contents) == ["a.py", "b.py"]
