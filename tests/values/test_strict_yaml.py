"""YAML is read as text with lines; what hides meaning is refused, and no file can exhaust the machine."""

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from priorauth.errors import PolicyFaults
from priorauth.values import strict_yaml
from priorauth.values.strict_yaml import Mapping, Sequence, Text, Value, read_bytes

words = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), max_size=8)
values: st.SearchStrategy[object] = st.recursive(
    words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words.filter(lambda w: w != "<<"), inner, max_size=3),
)


def plain(value: Value) -> object:
    if isinstance(value, Text):
        return str(value)
    if isinstance(value, Mapping):
        return {key: plain(part) for key, part in value.items()}
    return [plain(part) for part in value]


@given(st.dictionaries(words.filter(lambda w: w != "<<"), values, max_size=4))
def test_what_is_written_is_read_as_text(top: dict[str, object]) -> None:
    written = yaml.dump(top, Dumper=Quoted, allow_unicode=True).encode()
    assert plain(read_bytes(written, "f")) == top


class Quoted(yaml.SafeDumper):
    """Quotes every scalar and never writes an alias."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - the parent class names it
        return True

    def represent_str(self, data: str) -> yaml.ScalarNode:
        return self.represent_scalar("tag:yaml.org,2002:str", data, style='"')


Quoted.add_representer(str, Quoted.represent_str)


def test_no_word_is_more_than_a_word() -> None:
    read = read_bytes(b"a: yes\nb: 010\nc: 2026-01-01\nd: ~\ne: 1e3\nf:\n", "f")
    assert plain(read) == {"a": "yes", "b": "010", "c": "2026-01-01", "d": "~", "e": "1e3", "f": ""}


def test_everything_knows_its_line() -> None:
    read = read_bytes(b"# head\na: 1\nb:\n  - x\n  - {c: d}\n", "f")
    assert read.line == 2
    assert read.key_lines == {"a": 2, "b": 3}
    listed = read["b"]
    assert isinstance(listed, Sequence)
    assert [part.line for part in listed] == [4, 5]


@pytest.mark.parametrize(
    ("data", "line", "message"),
    [
        (b"a: 1\na: 2", 2, "the key 'a' stands twice"),
        (b"a: &x 1\nb: *x", 1, "anchors and aliases are not allowed"),
        (b"a: 1\nb: *x", 2, "anchors and aliases are not allowed"),
        (b"<<: {a: 1}", 1, "expected a plain key"),
        (b"? [a]\n: 1", 1, "expected a plain key"),
        (b"a: !!int 1", 1, "tags are not allowed"),
        (b"a: !python/object:os.system x", 1, "tags are not allowed"),
        (b"a: 1\n---\nb: 2", 2, "expected one document"),
        (b"- a", 1, "expected a mapping at the top of the file"),
        (b"word", 1, "expected a mapping at the top of the file"),
        (b"", 1, "expected a mapping, found nothing"),
        (b"a: [1, 2\nb: 3", 2, "not YAML"),
        (b"a: 1\nb: \xff", 2, "expected UTF-8 text"),
        (b"a: 1\nb: \x00", 2, "not YAML"),
        (b"a:\n  b: " + b"[" * 50, 2, "expected at most 40 levels"),
    ],
)
def test_a_fault_names_file_line_and_what_was_expected(data: bytes, line: int, message: str) -> None:
    with pytest.raises(PolicyFaults) as caught:
        read_bytes(data, "policy.yaml")
    (fault,) = caught.value.faults
    assert (fault.file, fault.place) == ("policy.yaml", f"line {line}")
    assert message in fault.message
    assert str(caught.value).startswith(f"policy.yaml:{line}: ")
    assert "\n" not in str(caught.value)


def test_forty_levels_may_be_written_and_not_one_more() -> None:
    lists = strict_yaml.MAX_DEPTH - 1  # the mapping at the top is the first level
    assert plain(read_bytes(b"a: " + b"[" * lists + b"]" * lists, "f"))
    with pytest.raises(PolicyFaults, match="expected at most 40 levels"):
        read_bytes(b"a: " + b"[" * (lists + 1) + b"]" * (lists + 1), "f")


def test_as_many_nodes_as_are_allowed_may_be_written_and_not_one_more() -> None:
    words = strict_yaml.MAX_NODES - 3  # the mapping, its key and the list are nodes too
    assert len(read_bytes(b"a: [" + b"x," * words + b"]", "f")["a"]) == words
    with pytest.raises(PolicyFaults, match="200,000 nodes"):
        read_bytes(b"a: [" + b"x," * (words + 1) + b"]", "f")


def test_a_file_that_is_too_large_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "big.yaml"
    path.write_bytes(b"#" * (strict_yaml.MAX_BYTES + 1))
    with pytest.raises(PolicyFaults, match="expected at most 2,000,000 bytes, found 2,000,001"):
        strict_yaml.read_file(path)
    with pytest.raises(PolicyFaults, match="expected at most 2,000,000 bytes"):
        read_bytes(path.read_bytes(), "f")


def test_a_file_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(PolicyFaults, match=r"none.yaml:1: cannot be read: No such file"):
        strict_yaml.read_file(tmp_path / "none.yaml")


def test_a_file_is_read_like_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "one.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: b\n")
    assert plain(strict_yaml.read_file(path)) == {"a": "b"}


@given(st.binary(max_size=80))
def test_any_bytes_are_a_mapping_or_one_fault(data: bytes) -> None:
    try:
        read = read_bytes(data, "f")
    except PolicyFaults as fault:
        caught = fault
    else:
        assert read == dict(read)
        return
    (found,) = caught.faults
    assert re.fullmatch("line [1-9][0-9]*", found.place or "")
