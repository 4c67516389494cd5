"""What a Python user may import is what the Python reference lists, no less and no more."""

import ast
import re
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest

import funnelsim

ROOT = Path(__file__).parents[1]
ROWS = re.findall(r"^\| `(funnelsim[.\w]*)` \| (.*) \|$", (ROOT / "docs" / "api.md").read_text(), flags=re.MULTILINE)


def listed(module, text):
    """Return the names that a row of the table lists; where it names `__all__`, those."""
    names = re.findall(r"`([\w.]+)`", text)
    return list(import_module(module).__all__) if names == [f"{module}.__all__"] else names


BORDER = {module: listed(module, text) for module, text in ROWS}


def test_dir_lists_the_public_names_and_nothing_else():
    assert dir(funnelsim) == sorted(funnelsim.__all__) == sorted(BORDER["funnelsim"])


def test_no_module_has_a_public_name_which_its_import_would_take_away():
    assert {module.name for module in iter_modules(funnelsim.__path__)} & set(funnelsim.__all__) == set()


@pytest.mark.parametrize("module", BORDER)
def test_every_public_name_can_be_imported(module):
    found = import_module(module)
    assert [name for name in BORDER[module] if not hasattr(found, name)] == []


@pytest.mark.parametrize("module", ["funnelsim.errors", "funnelsim.model.log", "funnelsim.model.states"])
def test_a_module_without_a_list_of_its_own_has_no_public_class_that_the_reference_leaves_out(module):
    found = vars(import_module(module)).items()
    own = {name for name, value in found if isinstance(value, type) and value.__module__ == module}
    assert own == set(BORDER[module])


@pytest.mark.parametrize("page", ["README.md", "docs/python.md", "docs/counts.md", "docs/fitting.md", "docs/sweep.md"])
def test_the_pages_for_users_import_only_what_is_public(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    strange = []
    for block in re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL):
        for node in ast.walk(ast.parse(block)):
            if isinstance(node, ast.Import):
                strange += [one.name for one in node.names if one.name.startswith("funnelsim.")]
            elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("funnelsim"):
                names = [*BORDER.get(node.module, []), *(module.removeprefix("funnelsim.") for module in BORDER)]
                strange += [one.name for one in node.names if one.name not in names]
    assert strange == []
