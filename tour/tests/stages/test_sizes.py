"""How large a stage is."""

from tour.stages import sizes
from tour.stages.sizes import Size
from tour.tests.synthetic import Clone

FILES = {
    "flack/__init__.py": "import os\n\n# why\n",
    "flack/static/app.js": "a();\n",
    "manage.py": "run()\n",
    "tests.py": "def test_one():\n    def test_inner():\n        pass\n",
    "tests/test_users.py": "class TestUsers:\n    def test_two(self):\n        pass\n",
    "flack/tests_of_life.py": "def test_nothing(): pass\n",
}


def test_lines_are_the_applications_files_all_and_tests_the_tests(clone: Clone) -> None:
    clone.git("rm", "--quiet", "-rf", ".")
    clone.write(FILES)
    assert sizes.measure(clone.folder, clone.commit("Measure")) == Size(5, 6, 3)
